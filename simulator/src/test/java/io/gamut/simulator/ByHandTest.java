package io.gamut.simulator;

import static io.gamut.simulator.ByHand.LOST;
import static io.gamut.simulator.ByHand.NOTHING;
import static io.gamut.simulator.ByHand.advert;
import static io.gamut.simulator.ByHand.deliver;
import static io.gamut.simulator.ByHand.envelope;
import static io.gamut.simulator.ByHand.spread;
import static io.gamut.simulator.ByHand.toldBy;
import static io.gamut.simulator.ByHand.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.BinaryReader;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.JournalRecord.GappedUpdates;
import io.gamut.replication.message.JournalRecord.Updates;
import io.gamut.replication.message.PeerMessage.Advert;
import io.gamut.replication.message.PeerMessage.Envelope;
import io.gamut.replication.message.PeerMessage.OriginAnswer;
import io.gamut.replication.message.PeerMessage.OriginQuery;
import io.gamut.replication.message.PeerMessage.Spread;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schedules done by hand, each of which once broke an invariant or comes close to it. */
final class ByHandTest {
  private static HandDriven server(int node, List<JournalRecord> found, long seed) {
    return new HandDriven(node, found, seed, 0);
  }

  /** Two servers, and an update of the first that both have. */
  private static HandDriven[] pair() {
    HandDriven first = server(1, List.of(), 1).start(HandDriven.members(1, 2));
    HandDriven second = server(2, List.of(), 2).start(HandDriven.members(1, 2));
    first.sync();
    second.sync();
    first.written("k", NOTHING);
    second.receive(first, spread(first));
    second.sync();
    return new HandDriven[] {first, second};
  }

  /** Asks the other for what it knows of the origin, and gives back its answer. */
  private static Envelope question(HandDriven asker, HandDriven other) {
    asker.step(new Input.NeighbourUp(other.id));
    other.receive(asker, asker.lastSent(OriginQuery.class));
    other.sync();
    return other.lastSent(OriginAnswer.class);
  }

  @Test
  void anAnswerToAnEarlierLifeDoesNotConfirmAnOrigin() {
    HandDriven[] pair = pair();
    HandDriven other = pair[1];
    List<JournalRecord> copy = List.copyOf(pair[0].journal);

    // A life on the copied disk asks, is answered, and goes on under its origin.
    HandDriven second = server(1, copy, 3).start(HandDriven.members());
    Envelope answer = question(second, other);
    second.receive(other, answer);
    Dot once = second.written("k", NOTHING);
    other.receive(second, spread(second));
    other.sync();
    assertThat(other.named(once)).hasSize(1);

    // The copy is put back. The answer comes a second time, to a life that has not asked yet.
    HandDriven third = server(1, copy, 4).start(HandDriven.members());
    third.receive(other, answer);
    assertThat(third.written("k", NOTHING)).isNotEqualTo(once);
  }

  @Test
  void whatAnEarlierLifeStillHadUnderWayIsRefused() {
    HandDriven[] pair = pair();
    HandDriven other = pair[1];
    List<JournalRecord> copy = List.copyOf(pair[0].journal);
    Dot late = pair[0].written("k", NOTHING);
    Envelope underWay = spread(pair[0]);

    HandDriven next = new HandDriven(1, copy, 3, 1_000).start(HandDriven.members());
    next.receive(other, question(next, other));
    assertThat(next.written("other", NOTHING)).as("its origin is confirmed").isEqualTo(late);
    other.receive(next, underWay);
    other.sync();
    assertThat(other.named(late)).as("what the earlier life sent").isEmpty();
  }

  @Test
  void whoHasAnsweredForAnOriginKnowsTheAskersLifeAlsoAfterItsOwnRestart() {
    HandDriven[] pair = pair();
    List<JournalRecord> copy = List.copyOf(pair[0].journal);
    Dot late = pair[0].written("k", NOTHING);
    Envelope underWay = spread(pair[0]);

    HandDriven next = new HandDriven(1, copy, 3, 1_000).start(HandDriven.members());
    next.receive(pair[1], question(next, pair[1]));
    assertThat(next.written("other", NOTHING)).as("its origin is confirmed").isEqualTo(late);
    HandDriven restarted = server(2, List.copyOf(pair[1].journal), 5).start(HandDriven.members());
    restarted.receive(pair[0], underWay);
    restarted.sync();
    assertThat(restarted.named(late)).as("what the earlier life sent").isEmpty();
  }

  @Test
  void nobodyAnswersForAnOriginBeforeTheAskersLifeIsOnTheDisk() {
    HandDriven[] pair = pair();
    List<JournalRecord> copy = List.copyOf(pair[0].journal);
    HandDriven next = new HandDriven(1, copy, 3, 1_000).start(HandDriven.members());
    next.step(new Input.NeighbourUp(pair[1].id));
    pair[1].receive(next, next.lastSent(OriginQuery.class));
    assertThat(pair[1].hasSent(OriginAnswer.class)).isFalse();
    pair[1].sync();
    assertThat(pair[1].hasSent(OriginAnswer.class)).isTrue();
  }

  @Test
  void twoLivesFromOneCopyOfADiskAreTold() {
    HandDriven[] pair = pair();
    List<JournalRecord> copy = List.copyOf(pair[0].journal);
    HandDriven one = server(1, copy, 3).start(HandDriven.members());
    HandDriven other = server(1, copy, 4).start(HandDriven.members());
    assertThat(one.replica.boot()).isNotEqualTo(other.replica.boot());
  }

  @Test
  void aServerThatIsStartedAgainAndAgainDoesNotLeaveTheTimeBehind() {
    List<JournalRecord> journal = new ArrayList<>();
    HandDriven server = server(1, journal, 1).start(HandDriven.members(1, 2));
    for (int life = 2; life < 20; life++) {
      server.sync();
      server = server(1, List.copyOf(server.journal), life).start(HandDriven.members());
    }
    server.written("k", NOTHING);
    long ahead = HybridClock.millis(server.versionOf("k").timestamp()) - 1_700_000_000_000L;
    assertThat(ahead).isLessThan(Limits.CLOCK_AHEAD_MILLIS_MAX / 2);
  }

  @Test
  void aRestartKnowsItsOwnUpdatesWhileThoseOfOthersWaitForABarrier() {
    Dot missing = new Dot(new Origin(9, 9), 7);
    VersionVector barrier = VersionVector.of(missing);
    List<JournalRecord> gap = List.of(new GappedUpdates(missing.origin(), 3, List.of(), barrier));
    HandDriven server = server(1, gap, 1).start(HandDriven.members());
    Dot own = server.written("k", NOTHING);

    server = server(1, List.copyOf(server.journal), 2);
    assertThat(server.shows(own)).isTrue();
    assertThat(server.store.lookup(Key.of("k"))).isNotNull();
  }

  /** A vector with more could not be read any more, by others or at the next start. */
  @Test
  void whatWouldTakeOneOriginTooManyIsLeftOutAndItsWritesAreRefused() {
    List<JournalRecord> found = new ArrayList<>();
    for (int low = 1; low <= Limits.ORIGINS_MAX; low++) {
      Origin origin = new Origin(1, low);
      Version version = new Version(low, origin);
      Content content = Content.Value.of(new byte[] {2});
      Dot dot = new Dot(origin, 1);
      found.add(new Updates(List.of(new Update(dot, version, NOTHING, Key.of("k"), content))));
    }
    HandDriven server = server(1, found, 1).start(HandDriven.members(1, 2));
    HandDriven other = server(2, List.of(), 2).start(HandDriven.members(1, 2));
    server.receive(other, envelope(other, new Spread(List.of(update(LOST, 1, "k1", 1)))));
    server.sync();
    assertThat(server.replica.received().covers(update(LOST, 1, "k1", 1).dot())).isFalse();
    Reply refused = server.reply(server.write("k", NOTHING));
    assertThat(((Reply.Failed) refused).code()).isEqualTo(ErrorCode.BUSY);
    byte[] state = server.replica.state().encode();
    assertThat(ReplicaState.decode(new BinaryReader(state))).isEqualTo(server.replica.state());
  }

  /** Two that leave at once could each count on the other to keep what only they hold. */
  @Test
  void aServerLeavesOnlyWhenAllOthersHoldWhatItHolds() {
    HandDriven leaving = server(1, List.of(), 1).start(HandDriven.members(1, 2, 3));
    HandDriven second = server(2, List.of(), 2).start(HandDriven.members(1, 2, 3));
    HandDriven third = server(3, List.of(), 3).start(HandDriven.members(1, 2, 3));
    List.of(leaving, second, third).forEach(HandDriven::sync);
    leaving.written("k", NOTHING);
    Envelope update = spread(leaving);
    leaving.step(new Input.Leave(1_000));

    tellWhatItHolds(second, update, leaving);
    assertThat(leaving.isAnswered(1_000)).isFalse();
    tellWhatItHolds(third, update, leaving);
    leaving.sync();
    assertThat(leaving.reply(1_000)).isEqualTo(new Reply.Done());
  }

  /** Others never stop writing: what they hold and tell is always a little behind. */
  @Test
  void aServerLeavesWhileOthersWriteOn() {
    HandDriven[] pair = pair();
    HandDriven leaving = pair[0];
    leaving.step(new Input.Leave(1_000));
    toldBy(pair[1]);
    Envelope advert = pair[1].lastSent(Advert.class);
    pair[1].written("more", NOTHING);
    leaving.receive(pair[1], spread(pair[1]));
    leaving.sync();
    leaving.receive(pair[1], advert);
    leaving.pass(100);
    leaving.sync();
    assertThat(leaving.reply(1_000)).isEqualTo(new Reply.Done());
  }

  private static void tellWhatItHolds(HandDriven teller, Envelope update, HandDriven to) {
    teller.receive(to, update);
    teller.sync();
    teller.pass(2_000);
    to.receive(teller, teller.lastSent(Advert.class));
    to.pass(100);
  }

  /** Nobody waits for a server that has left: what it took then might stay with it alone. */
  @Test
  void aServerThatHasLeftTakesNoWritesNotEvenThoseThatWaited() {
    HandDriven[] pair = pair();
    HandDriven leaving = pair[0];
    Dot theirs = new Dot(new Origin(9, 9), 1);
    long waiting = leaving.write("waiting", VersionVector.of(theirs));
    leaving.step(new Input.Leave(1_000));
    assertThat(leaving.reply(leaving.write("k", NOTHING))).isInstanceOf(Reply.Failed.class);
    leaving.step(new Input.Leave(1_001));
    assertThat(leaving.reply(1_001)).isInstanceOf(Reply.Failed.class);

    pair[1].pass(2_000);
    leaving.receive(pair[1], pair[1].lastSent(Advert.class));
    leaving.pass(100);
    leaving.sync();
    assertThat(leaving.reply(1_000)).isEqualTo(new Reply.Done());
    leaving.sync();
    Reply late = leaving.reply(leaving.write("k", NOTHING));
    assertThat(late).isInstanceOf(Reply.Failed.class);
    assertThat(((Reply.Failed) late).code()).isEqualTo(ErrorCode.BUSY);

    Content content = Content.Value.of(new byte[] {2});
    Version version = new Version(1, theirs.origin());
    Update update = new Update(theirs, version, NOTHING, Key.of("theirs"), content);
    leaving.receive(pair[1], new Envelope(pair[1].replica.boot(), new Spread(List.of(update))));
    leaving.sync();
    assertThat(leaving.shows(theirs)).isTrue();
    assertThat(leaving.reply(waiting)).isInstanceOf(Reply.Failed.class);
  }

  @Test
  void leavingDoesNotCountOnALifeThatIsOver() {
    HandDriven leaving = ByHand.server(1, 1, 0, 1, 2);
    HandDriven other = ByHand.server(2, 2, 0, 1, 2);
    Dot precious = leaving.written("k", NOTHING);
    deliver(leaving, other, spread(leaving));
    Envelope held = advert(other); // on its way for long
    // The other's disk is lost; its new life is heard.
    HandDriven emptied = new HandDriven(2, List.of(), 5, 1_000).start(HandDriven.members(1, 2));
    emptied.sync();
    leaving.receive(emptied, advert(emptied));
    leaving.sync();
    // The leaving one restarts, and is told to leave.
    HandDriven restarted = new HandDriven(1, List.copyOf(leaving.journal), 6, 1_000);
    restarted.start(HandDriven.members());
    restarted.sync();
    restarted.receive(other, held);
    restarted.step(new Input.Leave(1_000));
    restarted.pass(100);
    assertThat(restarted.isAnswered(1_000) && emptied.named(precious).isEmpty())
        .as("it has left with the only copy")
        .isFalse();
  }

  @Test
  void aLeaveThatWasAnsweredIsOnTheDisk() {
    HandDriven[] pair = pair();
    pair[0].step(new Input.Leave(1_000));
    deliver(pair[1], pair[0], advert(pair[1]));
    pair[0].pass(100);
    assertThat(pair[0].isAnswered(1_000)).as("answered though nothing was synced").isFalse();
    pair[0].sync();
    assertThat(pair[0].reply(1_000)).isEqualTo(new Reply.Done());
  }

  @Test
  void theLastServerDoesNotLeaveWithTheData() {
    HandDriven alone = ByHand.server(1, 1, 0, 1);
    alone.step(new Input.Leave(1_000));
    assertThat(alone.reply(1_000)).isInstanceOf(Reply.Failed.class);
    alone.written("k", NOTHING);
  }
}
