package io.gamut.simulator;

import static io.gamut.simulator.ByHand.LOST;
import static io.gamut.simulator.ByHand.NOTHING;
import static io.gamut.simulator.ByHand.catchingUp;
import static io.gamut.simulator.ByHand.deliver;
import static io.gamut.simulator.ByHand.envelope;
import static io.gamut.simulator.ByHand.originOf;
import static io.gamut.simulator.ByHand.server;
import static io.gamut.simulator.ByHand.spread;
import static io.gamut.simulator.ByHand.telling;
import static io.gamut.simulator.ByHand.toldBy;
import static io.gamut.simulator.ByHand.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.committed.LostDisks;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.PeerMessage.Advert;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Envelope;
import io.gamut.replication.message.PeerMessage.OriginAnswer;
import io.gamut.replication.message.PeerMessage.OriginQuery;
import io.gamut.replication.message.PeerMessage.Pull;
import io.gamut.replication.message.PeerMessage.Section;
import io.gamut.replication.message.PeerMessage.Spread;
import io.gamut.replication.message.Update;
import io.gamut.storage.update.MemoryUpdateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Catching up over gaps, and what is dropped, in schedules done by hand. */
final class CatchUpByHandTest {
  private static HandDriven[] pair() {
    HandDriven first = server(1, 1, 0, 1, 2);
    HandDriven second = server(2, 2, 0, 1, 2);
    first.written("k", NOTHING);
    deliver(first, second, spread(first));
    return new HandDriven[] {first, second};
  }

  @Test
  void whatComesWhileCatchingUpOverGapsIsProvisional() {
    HandDriven member = server(1, 1, 0, 1, 2);
    HandDriven newcomer = catchingUp(member, server(2, 2, 0, 1, 2));
    assertThat(newcomer.replica.received().get(LOST)).isEqualTo(3);
    assertThat(newcomer.replica.visible().get(LOST)).isZero();
    assertThat(toldBy(newcomer).get(LOST)).isZero();
    Dot own = newcomer.written("own", NOTHING);
    assertThat(toldBy(newcomer).covers(own)).as("own writes are not").isTrue();
    newcomer.receive(member, envelope(member, new Pull(7, NOTHING, 1 << 20)));
    Batch answer = (Batch) newcomer.lastSent(Batch.class).message();
    assertThat(answer.updates())
        .extracting(Update::dot)
        .doesNotContain(update(LOST, 1, "k1", 1).dot());
    assertThat(answer.updates()).extracting(Update::dot).contains(own);
  }

  @Test
  void catchingUpIsGivenUpOnceNoMemberHoldsWhatIsMissing() {
    HandDriven member = server(1, 1, 0, 1, 2);
    HandDriven newcomer = catchingUp(member, server(2, 2, 0, 1, 2));
    Dot own = newcomer.written("own", NOTHING);
    newcomer.pass(2_000);
    newcomer.sync();
    assertThat(newcomer.replica.received().get(LOST)).as("the member may return").isEqualTo(3);

    HandDriven emptied = new HandDriven(1, List.of(), 7, 1_000).start(HandDriven.members(1, 2));
    newcomer.receive(emptied, telling(emptied, NOTHING));
    newcomer.pass(100);
    newcomer.receive(emptied, envelope(emptied, new Spread(List.of(update(LOST, 4, "k4", 4)))));
    newcomer.sync();
    assertThat(newcomer.replica.received().get(LOST)).isZero();
    assertThat(newcomer.named(update(LOST, 1, "k1", 1).dot())).isEmpty();
    assertThat(newcomer.replica.received().covers(own)).isTrue();

    emptied.sync();
    Dot after = emptied.written("k", NOTHING);
    newcomer.receive(emptied, spread(emptied));
    newcomer.sync();
    assertThat(newcomer.shows(after)).as("the world goes on").isTrue();

    HandDriven restarted = new HandDriven(2, List.copyOf(newcomer.journal), 8, 0);
    assertThat(restarted.replica.received()).isEqualTo(newcomer.replica.received());
    assertThat(restarted.replica.visible()).isEqualTo(newcomer.replica.visible());
    assertThat(restarted.named(update(LOST, 1, "k1", 1).dot())).isEmpty();
  }

  /** It has told nobody that it holds the rest, so the end was agreed without it. */
  @Test
  void catchingUpIsGivenUpOnceTheLedgerClosesAnOriginBeforeWhatIsHere() {
    HandDriven member = server(1, 1, 0, 1, 2);
    HandDriven newcomer = catchingUp(member, server(2, 2, 0, 1, 2));
    assertThat(newcomer.replica.received().get(LOST)).isEqualTo(3);
    Ends ends = new Ends(Map.of(LOST, 0L));
    assertThat(ends.isBeyond(newcomer.replica.told())).isFalse();
    LostDisks lost = new LostDisks(ends, Map.of(LOST.high(), 1L));
    newcomer.step(new Input.Applied(1, NOTHING, 0, lost, true));
    newcomer.sync();
    assertThat(abandonments(newcomer)).isEqualTo(1);
    assertThat(newcomer.replica.received().get(LOST)).isZero();
    assertThat(newcomer.named(update(LOST, 1, "k1", 1).dot())).isEmpty();
  }

  @Test
  void whatWasMissingMayComeWhileCatchingUpIsGivenUp() {
    HandDriven member = server(1, 1, 0, 1, 2);
    HandDriven newcomer = catchingUp(member, server(2, 2, 0, 1, 2));
    Origin other = new Origin(8, 8);
    Content content = Content.Value.of(new byte[] {3});
    Update missing =
        new Update(new Dot(other, 1), new Version(9, other), NOTHING, Key.of("k2"), content);
    HandDriven emptied = new HandDriven(1, List.of(), 7, 1_000).start(HandDriven.members(1, 2));
    newcomer.receive(emptied, telling(emptied, NOTHING));
    newcomer.receive(emptied, envelope(emptied, new Spread(List.of(missing))));
    newcomer.pass(100);
    newcomer.sync();
    assertThat(newcomer.replica.received().get(LOST)).isEqualTo(3);
    assertThat(newcomer.shows(update(LOST, 3, "k3", 3).dot())).isTrue();
    assertThat(toldBy(newcomer).get(LOST)).isEqualTo(3);
  }

  /** What overtook it may be with one server only, and be lost with its disk. */
  @Test
  void anUpdateIsDroppedOnlyWhenAllShowWhatHasOvertakenIt() {
    HandDriven[] pair = pair();
    HandDriven first = pair[0];
    Dot overtaken = first.written("k", NOTHING);
    Envelope both = spread(first);
    first.written("k", NOTHING);
    pair[1].receive(first, both);
    pair[1].sync();
    toldBy(pair[1]);
    first.receive(pair[1], pair[1].lastSent(Advert.class));
    first.pass(200);
    first.sync();
    first.pass(200);
    assertThat(first.named(overtaken)).as("held by all").hasSize(1);

    pair[1].receive(first, spread(first));
    pair[1].sync();
    toldBy(pair[1]);
    first.receive(pair[1], pair[1].lastSent(Advert.class));
    first.pass(200);
    assertThat(first.named(overtaken)).as("the barrier is not on the disk yet").hasSize(1);
    first.sync();
    first.pass(200);
    assertThat(first.named(overtaken)).isEmpty();
  }

  /** A member that lacks it would pass over the gap, and never wait for its dependencies. */
  @Test
  void anUpdateIsDroppedOnlyWhenAllShowItThemselves() {
    HandDriven[] pair = pair();
    HandDriven first = pair[0];
    first.written("elsewhere", NOTHING);
    Dot cause = first.written("k", NOTHING);
    Envelope late = spread(first);
    pair[1].pass(500);
    pair[1].written("k", VersionVector.of(pair[1].written("other", NOTHING)));
    first.receive(pair[1], spread(pair[1]));
    first.sync();
    toldBy(pair[1]);
    first.receive(pair[1], pair[1].lastSent(Advert.class));
    for (int times = 0; times < 3; times++) {
      first.pass(200);
      first.sync();
    }
    assertThat(first.versionOf("k")).isEqualTo(pair[1].versionOf("k"));
    assertThat(first.named(cause)).as("the other does not show it").hasSize(1);

    pair[1].receive(first, late);
    pair[1].sync();
    toldBy(pair[1]);
    first.receive(pair[1], pair[1].lastSent(Advert.class));
    for (int times = 0; times < 3; times++) {
      first.pass(200);
      first.sync();
    }
    assertThat(first.named(cause)).isEmpty();
  }

  @Test
  void aRestartGoesOnShowingWhatACheckpointFoundHalfShown() {
    HandDriven from = server(1, 1, 0, 1, 2);
    HandDriven newcomer = server(2, 2, 0, 1, 2);
    List<Update> updates = new ArrayList<>();
    for (int i = 1; i <= 1_201; i++) {
      if (i != 600) {
        updates.add(update(LOST, i, "k" + i, i));
      }
    }
    VersionVector barrier = VersionVector.of(new Dot(LOST, 1_201));
    newcomer.step(new Input.NeighbourUp(from.id));
    newcomer.receive(from, telling(from, barrier));
    Pull pull = (Pull) newcomer.lastSent(Pull.class).message();
    deliver(
        from,
        newcomer,
        envelope(
            from,
            new Batch(pull.pull(), List.of(new Section(LOST, 0, 1_201)), updates, barrier, false)));
    assertThat(newcomer.replica.isSettled()).isFalse();
    ReplicaState checkpoint = newcomer.replica.state(); // as a clean stop writes it
    MemoryUpdateStore store = ((MemoryUpdateStore) newcomer.store).afterCrashWithAll();
    HandDriven restarted = new HandDriven(2, List.of(), 3, 0, store, checkpoint);
    restarted.start(HandDriven.members());
    restarted.sync();
    for (int i = 0; i < 1_000; i++) {
      restarted.pass(100);
      restarted.sync();
    }
    assertThat(restarted.replica.isSettled()).as("reads are answered again").isTrue();
  }

  @Test
  void gapsInTheOwnOriginTellThatOthersKnowMoreOfIt() {
    HandDriven first = server(1, 1, 0, 1, 2);
    HandDriven other = server(2, 2, 0, 1, 2);
    Dot own = first.written("k", NOTHING);
    // Restarts from its disk, and its origin is confirmed by the only member that it knows.
    HandDriven back = new HandDriven(1, List.copyOf(first.journal), 3, 1_000);
    back.start(HandDriven.members());
    back.step(new Input.NeighbourUp(other.id));
    deliver(back, other, back.lastSent(OriginQuery.class));
    deliver(other, back, other.lastSent(OriginAnswer.class));
    // The disk was an old copy. The member hears from a third one of more, with gaps, all of it
    // overtaken; and answers a question with that before it next tells what it holds.
    back.receive(other, telling(other, VersionVector.of(new Dot(LOST, 1))));
    Pull pull = (Pull) back.lastSent(Pull.class).message();
    List<Section> sections = List.of(new Section(own.origin(), 1, 5), new Section(LOST, 0, 1));
    deliver(
        other,
        back,
        envelope(
            other,
            new Batch(
                pull.pull(),
                sections,
                List.of(update(LOST, 1, "k", Long.MAX_VALUE >> 20)),
                VersionVector.of(new Dot(LOST, 1)),
                false)));
    assertThatCode(() -> back.written("k2", NOTHING)).doesNotThrowAnyException();
  }

  @Test
  void anAcknowledgedWriteSurvivesACheckpointWhileTheOriginIsDrawnAnewAndAbandonment() {
    HandDriven from = server(1, 1, 0, 1, 2);
    HandDriven newcomer = catchingUp(from, server(2, 2, 0, 1, 2));
    newcomer.written("own", NOTHING);
    long request = newcomer.write("own2", NOTHING); // on its way to the disk
    Origin origin = originOf(newcomer);
    int handled = newcomer.journal.size() - 1;
    // Others know more of its origin: a new one is drawn. Then a checkpoint.
    newcomer.receive(from, telling(from, VersionVector.of(new Dot(origin, 9))));
    ReplicaState checkpoint = newcomer.replica.state();
    newcomer.sync();
    Dot acknowledged = ((Reply.Written) newcomer.reply(request)).dot();

    MemoryUpdateStore store = ((MemoryUpdateStore) newcomer.store).afterCrashWithAll();
    List<JournalRecord> behind =
        List.copyOf(newcomer.journal.subList(handled, newcomer.journal.size()));
    HandDriven restarted = new HandDriven(2, behind, 3, 10, store, checkpoint);
    restarted.start(HandDriven.members());
    restarted.sync();
    HandDriven emptied = new HandDriven(1, List.of(), 7, 1_000).start(HandDriven.members(1, 2));
    restarted.receive(emptied, telling(emptied, NOTHING));
    restarted.pass(100);
    restarted.sync();
    assertThat(restarted.named(acknowledged)).as("acknowledged with its disk alive").hasSize(1);
  }

  @Test
  void aServerStartsAfterACheckpointWhileTheOriginIsDrawnAnew() {
    HandDriven from = server(1, 1, 0, 1, 2);
    HandDriven newcomer = catchingUp(from, server(2, 2, 0, 1, 2));
    newcomer.written("own", NOTHING);
    long request = newcomer.write("own2", NOTHING);
    Origin origin = originOf(newcomer);
    int handled = newcomer.journal.size() - 1;
    newcomer.receive(from, telling(from, VersionVector.of(new Dot(origin, 9))));
    ReplicaState checkpoint = newcomer.replica.state();
    newcomer.sync();
    Dot first = ((Reply.Written) newcomer.reply(request)).dot();
    newcomer.written("own3", VersionVector.of(first)); // the session goes on, causally

    MemoryUpdateStore store = ((MemoryUpdateStore) newcomer.store).afterCrashWithAll();
    List<JournalRecord> behind =
        List.copyOf(newcomer.journal.subList(handled, newcomer.journal.size()));
    assertThatCode(() -> new HandDriven(2, behind, 3, 10, store, checkpoint))
        .doesNotThrowAnyException();
  }

  private static int abandonments(HandDriven server) {
    return (int)
        server.journal.stream().filter(JournalRecord.CatchUpAbandoned.class::isInstance).count();
  }

  /** All others have left the cluster, but run on. */
  @Test
  void catchingUpFromAServerThatHasLeftComesToAnEnd() {
    HandDriven from = server(1, 1, 0, 1);
    HandDriven server = server(2, 2, 0, 2);
    VersionVector holds = VersionVector.of(new Dot(LOST, 6));
    server.step(new Input.NeighbourUp(from.id));
    for (int round = 0; round < 20; round++) {
      server.receive(from, telling(from, holds));
      server.pass(100);
      server.sync();
      Pull pull = (Pull) server.lastSent(Pull.class).message();
      long after = pull.accepted().get(LOST);
      if (after >= 6) {
        break;
      }
      // Small answers of two sequences each, the first of them dropped.
      Batch answer =
          new Batch(
              pull.pull(),
              List.of(new Section(LOST, after, after + 2)),
              List.of(update(LOST, after + 2, "k" + after, after + 2)),
              holds,
              after + 2 < 6);
      deliver(from, server, envelope(from, answer));
      server.pass(50);
      server.sync();
    }
    assertThat(abandonments(server)).as("times it began again").isZero();
    assertThat(server.replica.received()).isEqualTo(holds);
  }

  /** The barrier that comes with an answer may be later than the last advert. */
  @Test
  void aBarrierBeyondTheLastAdvertIsNotHopeless() {
    HandDriven from = server(1, 1, 0, 1, 2);
    HandDriven server = server(2, 2, 0, 1, 2);
    server.step(new Input.NeighbourUp(from.id));
    server.receive(from, telling(from, VersionVector.of(new Dot(LOST, 3))));
    Pull pull = (Pull) server.lastSent(Pull.class).message();
    Batch answer =
        new Batch(
            pull.pull(),
            List.of(new Section(LOST, 0, 3)),
            List.of(update(LOST, 1, "k1", 1), update(LOST, 3, "k3", 3)),
            VersionVector.of(new Dot(LOST, 5)),
            true);
    deliver(from, server, envelope(from, answer));
    server.pass(50);
    server.sync();
    assertThat(abandonments(server)).isZero();
  }

  /** It was held back while the server waited for what is lost now. */
  @Test
  void whatRemainsWhenCatchingUpIsGivenUpIsShown() {
    HandDriven from = server(1, 1, 0, 1, 2);
    HandDriven server = server(2, 2, 0, 1, 2);
    VersionVector barrier = VersionVector.of(new Dot(LOST, 4));
    server.step(new Input.NeighbourUp(from.id));
    server.receive(from, telling(from, barrier));
    Pull first = (Pull) server.lastSent(Pull.class).message();
    List<Update> one = List.of(update(LOST, 1, "k1", 1));
    List<Section> whole = List.of(new Section(LOST, 0, 1));
    server.receive(from, envelope(from, new Batch(first.pull(), whole, one, NOTHING, true)));
    Pull second = (Pull) server.lastSent(Pull.class).message();
    List<Update> three = List.of(update(LOST, 3, "k3", 3));
    List<Section> gapped = List.of(new Section(LOST, 1, 3));
    server.receive(from, envelope(from, new Batch(second.pull(), gapped, three, barrier, true)));
    server.sync();
    HandDriven emptied = new HandDriven(1, List.of(), 7, 1_000).start(HandDriven.members(1, 2));
    server.receive(emptied, telling(emptied, NOTHING));
    server.pass(100);
    server.sync();
    assertThat(server.replica.received()).isEqualTo(VersionVector.of(new Dot(LOST, 1)));
    assertThat(server.replica.visible()).isEqualTo(server.replica.received());
  }

  /** What was fetched waits in memory for the disk. */
  @Test
  void nothingIsFetchedFasterThanTheDiskTakesIt() {
    HandDriven from = server(1, 1, 0, 1, 2);
    HandDriven server = server(2, 2, 0, 1, 2);
    server.step(new Input.NeighbourUp(from.id));
    server.receive(from, telling(from, VersionVector.of(new Dot(LOST, 100))));
    Content large = Content.Value.of(new byte[1 << 20]);
    long asked = 0;
    for (int sequence = 1; sequence <= 50; sequence++) {
      asked = server.countSent(Pull.class);
      Dot dot = new Dot(LOST, sequence);
      Update update = new Update(dot, new Version(sequence, LOST), NOTHING, Key.of("k"), large);
      Pull pull = (Pull) server.lastSent(Pull.class).message();
      List<Section> section = List.of(new Section(LOST, sequence - 1, sequence));
      server.receive(
          from, envelope(from, new Batch(pull.pull(), section, List.of(update), NOTHING, true)));
      if (server.countSent(Pull.class) == asked) {
        break;
      }
    }
    assertThat(asked).as("questions while nothing became durable").isBetween(2L, 6L);
    server.sync();
    assertThat(server.countSent(Pull.class)).as("goes on once it is").isGreaterThan(asked);
  }
}
