package io.gamut.replication.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Change;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Now;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Listed.Found;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.Hailed;
import io.gamut.replication.remote.RemoteMessage.Told;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.replication.strong.StrongMessage.Bid;
import io.gamut.replication.strong.StrongMessage.Executed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway whose servers answer as the test says. */
final class GatewayMachineTest {
  private static final long MILLI = 1_000_000;
  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final Key KEY = Key.of("k");
  private static final Origin ORIGIN = new Origin(7, 8);
  private static final OperationResult DONE = new OperationResult.Changed(List.of());
  private static final long WALL = 1_700_000_000_000L;

  private final Outside outside = new Outside();
  private final Lane lane = new Lane();
  private long nanos;
  private long wallMillis = WALL;
  private long serverMillis = WALL;
  private long requests;
  private Gateway gateway = new Gateway(new SplittableRandom(1)::nextLong, now());

  /** What was sent to whom. */
  private record Sent(NodeId to, Ask ask) {
    Version stamp() {
      return Objects.requireNonNull(((Question.Write) ask.question()).stamp());
    }
  }

  /** The network and the clients. */
  private static final class Outside implements GatewayEffects {
    private final List<Sent> asks = new ArrayList<>();
    private final List<Bid> bids = new ArrayList<>();
    private final Map<Long, Reply> replies = new HashMap<>();
    private final Map<Long, NodeId> replicas = new HashMap<>();

    @Override
    public boolean send(NodeId to, RemoteMessage message) {
      if (message instanceof Ask ask) {
        asks.add(new Sent(to, ask));
      }
      return true;
    }

    @Override
    public void send(NodeId to, StrongMessage message) {
      bids.add((Bid) message);
    }

    @Override
    public void answer(long request, Answered<Reply> answer) {
      assertThat(replies.put(request, answer.reply())).isNull();
      if (answer.replica() != null) {
        replicas.put(request, answer.replica());
      }
    }

    @Override
    public void membersChanged(MemberTable members) {}

    @Override
    public void listed(long request, Answered<Found> answer) {}
  }

  private Now now() {
    return new Now(nanos, wallMillis);
  }

  private void step(GatewayInput input) {
    gateway.step(input, now(), outside);
    gateway.endTurn(now(), outside);
  }

  private void pass(long millis) {
    nanos += millis * MILLI;
    wallMillis += millis;
    serverMillis += millis;
    step(GatewayInput.Tick.TICK);
  }

  private void hail(NodeId from) {
    Standing none = Standing.UNKNOWN;
    Standing standing =
        new Standing(
            true,
            false,
            HybridClock.fromMillis(serverMillis),
            serverMillis,
            ONE,
            1,
            0,
            0,
            0,
            0,
            0,
            none.configuration(),
            none.ends(),
            none.absorbed(),
            none.received(),
            none.visible(),
            none.stable(),
            true,
            MemberTable.EMPTY,
            0);
    step(new GatewayInput.Heard(from, new Hailed(nanos, standing)));
  }

  @BeforeEach
  void begin() {
    step(new GatewayInput.Reachable(Set.of(ONE, TWO)));
    hail(ONE);
    hail(TWO);
  }

  private long write() {
    Content.Value value = Content.Value.of(new byte[] {1});
    VersionVector none = VersionVector.EMPTY;
    step(
        new GatewayInput.Ask(
            ++requests, lane, new Question.Write(KEY, value, none, 0, 0, null, 1_000)));
    return requests;
  }

  private long execute(Requirement requirement) {
    Operation put = Operation.of(new Change.Increment(KEY, 1));
    long deadline = nanos + 1_000 * MILLI;
    step(
        new GatewayInput.Execute(
            lane, new StrongInput.Execute(++requests, put, requirement, 0, deadline)));
    return requests;
  }

  private void tell(Sent sent, Reply reply) {
    step(new GatewayInput.Heard(sent.to, new Told(sent.ask.number(), reply)));
  }

  private void refuse(Sent sent, ErrorCode code) {
    tell(sent, new Reply.Failed(code, "no"));
  }

  private static Reply written(Sent sent) {
    return new Reply.Written(sent.stamp(), new Dot(ORIGIN, 1), false);
  }

  private Sent last() {
    return outside.asks.getLast();
  }

  private static NodeId other(NodeId node) {
    return node.equals(ONE) ? TWO : ONE;
  }

  private ErrorCode failure(long request) {
    return ((Reply.Failed) Objects.requireNonNull(outside.replies.get(request))).code();
  }

  private void suspect(NodeId node) {
    step(new GatewayInput.Suspected(node, true));
  }

  // Weak writes

  @Test
  void aWriteIsRepeatedElsewhereWithTheSameVersion() {
    long request = write();
    Sent first = last();
    suspect(first.to);
    assertThat(last().to).isEqualTo(other(first.to));
    assertThat(last().stamp()).isEqualTo(first.stamp());
    tell(last(), written(last()));
    assertThat(outside.replies.get(request)).isInstanceOf(Reply.Written.class);
    assertThat(outside.replicas).containsEntry(request, other(first.to));
  }

  @Test
  void whatALostServerMayHaveDoneIsNotFailed() {
    long request = write();
    suspect(last().to);
    refuse(last(), ErrorCode.CLOCK);
    assertThat(failure(request)).isEqualTo(ErrorCode.UNKNOWN);
    assertThat(outside.replicas).as("none can say").isEmpty();
  }

  @Test
  void aWriteThatWasRepeatedTooLateIsUnknown() {
    long request = write();
    suspect(last().to);
    refuse(last(), ErrorCode.UNKNOWN);
    assertThat(failure(request)).isEqualTo(ErrorCode.UNKNOWN);
  }

  @Test
  void aWriteThatCameTooLateGetsALaterVersion() {
    write();
    Sent first = last();
    refuse(first, ErrorCode.UNKNOWN);
    pass(20);
    assertThat(last().stamp().isAfter(first.stamp())).isTrue();
  }

  @Test
  void whatCameTooLateDoesNotUndoWhatCameAfterIt() {
    long early = write();
    Sent first = last();
    long late = write();
    Sent second = last();
    refuse(first, ErrorCode.UNKNOWN);
    pass(20);
    assertThat(last()).as("it is not known yet what becomes of the later one").isEqualTo(second);
    tell(second, written(second));
    pass(20);
    assertThat(outside.replies.get(late)).isInstanceOf(Reply.Written.class);
    assertThat(failure(early)).isEqualTo(ErrorCode.BUSY);
  }

  @Test
  void whatCameTooLateTogetherKeepsItsOrder() {
    write();
    Sent first = last();
    write();
    Sent second = last();
    refuse(first, ErrorCode.UNKNOWN);
    refuse(second, ErrorCode.UNKNOWN);
    pass(20);
    List<Sent> again = outside.asks.subList(2, outside.asks.size());
    assertThat(again).hasSize(2);
    assertThat(again.get(1).stamp().isAfter(again.get(0).stamp())).isTrue();
    assertThat(again.get(0).stamp().isAfter(second.stamp())).isTrue();
  }

  @Test
  void aRefusalThatComesTwiceIsNotOneOfTheNextTry() {
    write();
    Sent first = last();
    refuse(first, ErrorCode.UNKNOWN);
    pass(20);
    Sent again = last();
    refuse(first, ErrorCode.UNKNOWN);
    pass(20);
    assertThat(last()).isEqualTo(again);
  }

  @Test
  void anAnswerToAnEarlierLifeIsNoneToThisOne() {
    write();
    Sent earlier = last();
    gateway = new Gateway(new SplittableRandom(2)::nextLong, now());
    begin();
    long request = write();
    step(new GatewayInput.Heard(last().to, new Told(earlier.ask.number(), written(earlier))));
    assertThat(outside.replies).doesNotContainKey(request);
  }

  @Test
  void whoIsAskedSecondHasTheTimeThatIsLeft() {
    Question.Committed read =
        new Question.Committed(
            List.of(new StrongInput.Wanted(KEY, Requirement.NONE)), Freshness.Latest.LATEST, 1_000);
    step(new GatewayInput.Ask(++requests, lane, read));
    refuse(last(), ErrorCode.NOQUORUM);
    assertThat(last().to).isEqualTo(TWO);
    assertThat(last().ask.question().waitMillis()).isEqualTo(1_000);
    refuse(last(), ErrorCode.NOQUORUM);
    assertThat(failure(requests)).isEqualTo(ErrorCode.NOQUORUM);
    assertThat(outside.replicas).containsEntry(requests, TWO);
  }

  @Test
  void nothingOvertakesWhatWaitsForAServer() {
    step(new GatewayInput.Reachable(Set.of()));
    write();
    write();
    assertThat(outside.asks).isEmpty();
    step(new GatewayInput.Reachable(Set.of(ONE)));
    hail(ONE);
    assertThat(outside.asks).hasSize(2);
    assertThat(outside.asks.get(1).stamp().isAfter(outside.asks.get(0).stamp())).isTrue();
  }

  @Test
  void nobodyWaitsForEver() {
    long weak = write();
    long strong = execute(Requirement.NONE);
    long held = execute(new Requirement(VersionVector.of(new Dot(ORIGIN, 9)), 0, null));
    for (int i = 0; i < 200; i++) {
      pass(20);
    }
    assertThat(failure(weak)).isEqualTo(ErrorCode.UNKNOWN);
    assertThat(failure(strong)).isEqualTo(ErrorCode.UNKNOWN);
    assertThat(failure(held)).isEqualTo(ErrorCode.BUSY);
    assertThat(gateway.bytes()).isZero();
  }

  // Clocks

  @Test
  void aClockThatIsOffIsSaidToBe() {
    for (long off : new long[] {-5_000, 3_600_000}) {
      wallMillis = WALL + off;
      assertThat(failure(write())).isEqualTo(ErrorCode.CLOCK);
      assertThat(failure(execute(Requirement.NONE))).isEqualTo(ErrorCode.CLOCK);
    }
    wallMillis = WALL;
    write();
    assertThat(HybridClock.millis(last().stamp().timestamp())).isEqualTo(WALL);
  }

  // Operations

  private void applied(Bid bid) {
    OperationResult result = DONE;
    step(
        new GatewayInput.HeardOfLedger(
            ONE, new Executed(bid.proposer().boot(), bid.number(), bid.number(), List.of(result))));
  }

  @Test
  void resultsAreTakenInTheOrderOfTheirNumbers() {
    long first = execute(Requirement.NONE);
    long second = execute(Requirement.NONE);
    applied(outside.bids.get(1));
    assertThat(outside.replies).isEmpty();
    applied(outside.bids.get(0));
    assertThat(outside.replies.get(first)).isEqualTo(new Reply.Executed(DONE, 1));
    assertThat(outside.replies.get(second)).isEqualTo(new Reply.Executed(DONE, 2));
    assertThat(outside.replicas).containsEntry(first, ONE).containsEntry(second, ONE);
  }

  @Test
  void anOperationWaitsUntilAllThatItsSessionHasMetIsAbsorbed() {
    Requirement met = new Requirement(VersionVector.of(new Dot(ORIGIN, 9)), 0, null);
    execute(met);
    long behind = execute(Requirement.NONE);
    assertThat(outside.bids).isEmpty();
    tell(last(), new Reply.Read(null, 4));
    assertThat(outside.bids).hasSize(1);
    assertThat(outside.replies).doesNotContainKey(behind);
    execute(met);
    assertThat(outside.bids).as("what is absorbed remains so").hasSize(2);
  }

  @Test
  void aProposerThatMayBeForgottenGoesOnAsAnother() {
    long unanswered = execute(Requirement.NONE);
    Bid before = outside.bids.getLast();
    pass(20);
    wallMillis += 3_600_000;
    serverMillis += 3_600_000;
    hail(ONE);
    hail(TWO);
    long next = execute(Requirement.NONE);
    Bid after = outside.bids.getLast();
    assertThat(failure(unanswered)).isEqualTo(ErrorCode.UNKNOWN);
    assertThat(after.proposer().boot()).isGreaterThan(before.proposer().boot());
    assertThat(after.number()).isEqualTo(1);
    applied(before);
    assertThat(outside.replies).doesNotContainKey(next);
    applied(after);
    assertThat(outside.replies.get(next)).isInstanceOf(Reply.Executed.class);
  }

  @Test
  void resultsOfWhatWasNeverOfferedAreNotKept() {
    long request = execute(Requirement.NONE);
    Bid bid = outside.bids.getLast();
    Executed foreign = new Executed(bid.proposer().boot(), 2, 9, List.of(DONE));
    step(new GatewayInput.HeardOfLedger(ONE, foreign));
    applied(bid);
    long second = execute(Requirement.NONE);
    assertThat(outside.replies).containsKey(request).doesNotContainKey(second);
  }
}
