package io.gamut.replication.gateway;

import io.gamut.core.Ends;
import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.replication.Entropy;
import io.gamut.replication.Now;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.gateway.Lane.Held;
import io.gamut.replication.gateway.Servers.Server;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Question;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.Proposing;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongInput.Wanted;
import io.gamut.replication.strong.StrongMessage.Bid;
import io.gamut.replication.strong.StrongMessage.Declined;
import io.gamut.replication.strong.StrongMessage.Executed;
import io.gamut.replication.strong.StrongMessage.Reason;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has strong operations done: gives them to whoever leads, under this gateway's own numbers, so
 * that each is done once however often it is offered (see {@link Proposing}).
 *
 * <p>An operation stands in the ledger behind all that its session has met. A server holds it back
 * until that is absorbed; here, where nothing is absorbed, a server is asked to say when it is, if
 * that is not known already. What is absorbed remains so.
 */
final class Operations {
  private static final int HELD_MAX = 10_000;
  private static final long WAITING_BYTES_MAX = 32L << 20;
  private static final int OPERATION_BYTES_MAX = 12 << 20;

  /** The state machines may forget a proposer that is silent for longer than twice this. */
  private static final long SILENT_MILLIS_MAX = 1_800_000;

  /** Elections take less. */
  private static final long LEADERLESS_NANOS = 1_000_000_000;

  private final Servers servers;
  private final HybridClock clock;
  private final Applied applied;
  private final TreeMap<Long, Answered<Executed>> early = new TreeMap<>();
  private final Proposing proposing;
  private long answered;
  private Now heard;
  private int held;
  private long heldBytes;
  private long term = -1;
  private long ledNanos;

  /** What the servers have said of their state machines. */
  private static final class Applied implements Proposing.Applied {
    private final Servers servers;
    private long index;

    Applied(Servers servers) {
      this.servers = servers;
    }

    @Override
    public long millis() {
      return servers.ledgerMillis();
    }

    @Override
    public long index() {
      return index;
    }

    @Override
    public @Nullable List<OperationResult> reply(Proposer proposer, long number) {
      return null;
    }
  }

  Operations(Servers servers, HybridClock clock, Entropy entropy, Now now) {
    this.servers = servers;
    this.clock = clock;
    applied = new Applied(servers);
    ledNanos = now.nanos();
    heard = now;
    long boot = HybridClock.fromMillis(now.wallMillis());
    proposing = new Proposing(new Proposer(entropy.nextLong(), boot), this::stamps, applied);
    proposing.onLifeKept(boot, (_, _) -> {});
  }

  /**
   * Goes on as another life, if the one that is going on may have been forgotten: for longer than
   * it is sure to be known, none of its batches was applied. A clock may stand still while its
   * machine sleeps, so both are asked.
   */
  private void renewIfSilent(Now now, GatewayEffects effects) {
    boolean isSilent =
        now.nanos() - heard.nanos() >= SILENT_MILLIS_MAX * 1_000_000
            || now.wallMillis() - heard.wallMillis() >= SILENT_MILLIS_MAX;
    if (isSilent) {
      heard = now;
      answered = 0;
      early.clear();
      long wall = HybridClock.fromMillis(now.wallMillis());
      proposing.onLifeKept(Math.max(wall, proposing.proposer().boot() + 1), effects);
    }
  }

  private long stamps(int count, long than, Now now) {
    clock.observe(than);
    long first = clock.stamp(now.wallMillis());
    clock.observe(first + count - 1);
    return first;
  }

  long waitingBytes() {
    return proposing.waitingBytes() + heldBytes;
  }

  boolean isEmpty() {
    return held == 0 && proposing.isIdle();
  }

  // Taking

  /**
   * Takes an operation, or answers why not.
   *
   * @param asking asks the servers to say when something is absorbed
   */
  void take(
      Lane lane,
      StrongInput.Execute execute,
      BiConsumer<Held, Question> asking,
      Now now,
      GatewayEffects effects) {
    Reply.Failed refusal = refusal(execute, now);
    if (refusal != null) {
      effects.reply(execute.request(), refusal);
      return;
    }
    renewIfSilent(now, effects);
    Held waiting = new Held(execute);
    lane.held.add(waiting);
    held++;
    heldBytes += execute.operation().size();
    Requirement requirement = execute.requirement();
    if (servers.absorbed().covers(requirement.vector())) {
      waiting.isReady = true;
      release(lane);
    } else {
      asking.accept(waiting, whenAbsorbed(execute, now));
    }
  }

  private static Question whenAbsorbed(StrongInput.Execute execute, Now now) {
    long millis = Math.max(0, execute.deadlineNanos() - now.nanos()) / 1_000_000;
    Key any = Question.Listing.ANY;
    return new Question.Committed(
        List.of(new Wanted(any, execute.requirement())), Freshness.Any.ANY, (int) millis);
  }

  private Reply.@Nullable Failed refusal(StrongInput.Execute execute, Now now) {
    if (isHopeless(now)) {
      return noQuorum();
    }
    if (execute.operation().size() > OPERATION_BYTES_MAX) {
      return new Reply.Failed(
          ErrorCode.ERR, "an operation has at most " + OPERATION_BYTES_MAX + " bytes");
    }
    if (held >= HELD_MAX || waitingBytes() > WAITING_BYTES_MAX) {
      return new Reply.Failed(ErrorCode.BUSY, "too much is waiting for the ledger");
    }
    Ends ends = servers.ends();
    if (execute.requirement().isLost(ends, null)) {
      return new Reply.Failed(ErrorCode.ERR_LOST, Problem.LOST.words());
    }
    if (!Errands.isNear(execute.sessionLatest(), now)) {
      return new Reply.Failed(
          ErrorCode.CLOCK, "what the session has met is too far ahead of this gateway's clock");
    }
    return servers.isClockOff(now) ? Errands.clockOff() : null;
  }

  /** What an operation has waited for is absorbed, or it is said why that cannot be waited for. */
  void onAsked(Lane lane, Held waiting, Answered<Reply> answer, GatewayEffects effects) {
    if (answer.reply() instanceof Reply.Failed) {
      if (lane.held.remove(waiting)) {
        onReleased(waiting);
        effects.answer(waiting.execute.request(), answer);
      }
    } else {
      servers.onAbsorbed(waiting.execute.requirement().vector());
      waiting.isReady = true;
    }
    release(lane);
  }

  /** One lane's operations go into the ledger in the order in which they came. */
  private void release(Lane lane) {
    while (!lane.held.isEmpty() && lane.held.getFirst().isReady) {
      Held first = lane.held.removeFirst();
      onReleased(first);
      proposing.add(first.execute);
    }
  }

  private void onReleased(Held waiting) {
    held--;
    heldBytes -= waiting.execute.operation().size();
  }

  // The ledger

  /** Offers what has gathered to whoever leads. */
  void advance(Now now, GatewayEffects effects) {
    Server leader = servers.leader();
    if (leader == null) {
      return;
    }
    ledNanos = now.nanos();
    if (servers.isClockOff(now)) {
      return;
    }
    Proposer proposer = proposing.proposer();
    Proposing.Way way =
        offer ->
            effects.send(
                leader.node, new Bid(proposer, offer.number(), offer.stamp(), offer.command()));
    if (servers.term() != term) {
      term = servers.term();
      proposing.repeat(now, way);
    }
    proposing.advance(now, way);
  }

  /** A leader has said what came of a batch; they are taken in the order of their numbers. */
  void onExecuted(NodeId leader, Executed executed, Now now, GatewayEffects effects) {
    boolean isAwaited = executed.number() > answered && executed.number() <= proposing.numbered();
    if (executed.boot() != proposing.proposer().boot() || !isAwaited) {
      return;
    }
    heard = now;
    early.put(executed.number(), new Answered<>(executed, leader));
    while (!early.isEmpty() && early.firstKey() == answered + 1) {
      Answered<Executed> first = early.pollFirstEntry().getValue();
      Executed next = first.reply();
      answered = next.number();
      applied.index = next.index();
      proposing.onExecuted(
          next.number(),
          next.results(),
          (request, reply) -> effects.answer(request, new Answered<>(reply, first.replica())));
    }
  }

  /** An offer was not taken; says whether because that server does not lead. */
  boolean onDeclined(Declined declined, Now now) {
    proposing.onDeclined(declined, now);
    return declined.reason() == Reason.NOT_LEADER;
  }

  // Time

  void onTime(Now now, GatewayEffects effects) {
    boolean isClockOff = servers.isClockOff(now);
    Reply.Failed refusal = isClockOff ? Errands.clockOff() : noQuorum();
    proposing.onTime(now, refusal, isClockOff || isHopeless(now), effects);
  }

  boolean hasLeader() {
    return servers.leader() != null;
  }

  private boolean isHopeless(Now now) {
    boolean isLong = now.nanos() - ledNanos >= LEADERLESS_NANOS;
    return servers.leader() == null
        && (isLong || (!servers.all().isEmpty() && servers.areHopeless()));
  }

  private static Reply.Failed noQuorum() {
    return new Reply.Failed(
        ErrorCode.NOQUORUM, "this gateway reaches no majority of the ledger's voters");
  }
}
