package io.gamut.replication.strong;

import io.gamut.core.ErrorCode;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Reply;
import io.gamut.replication.Now;
import io.gamut.replication.committed.StateMachine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds strong operations back until everything that their sessions have met is absorbed here, and
 * so stands before them in the ledger; then passes them on, in the order in which they came.
 * Requirements of one session only grow, so none of its operations overtakes another.
 */
final class OperationGate {
  private static final long GATHERED_BYTES_MAX = 32L << 20;
  private static final int HELD_MAX = 10_000;

  /** An operation travels in one frame, and in one record of the journal, with room for others. */
  private static final int OPERATION_BYTES_MAX = 12 << 20;

  private final StateMachine machine;
  private final Proposing proposing;
  private List<StrongInput.Execute> held = new ArrayList<>();

  OperationGate(StateMachine machine, Proposing proposing) {
    this.machine = machine;
    this.proposing = proposing;
  }

  /** Takes an operation, or answers why not. */
  void hold(StrongInput.Execute execute, Now now, StrongEffects effects) {
    Reply.Failed refusal = refusal(execute, now);
    if (refusal != null) {
      effects.reply(execute.request(), refusal);
    } else {
      held.add(execute);
    }
  }

  private Reply.@Nullable Failed refusal(StrongInput.Execute execute, Now now) {
    if (execute.operation().size() > OPERATION_BYTES_MAX) {
      return new Reply.Failed(
          ErrorCode.ERR, "an operation has at most " + OPERATION_BYTES_MAX + " bytes");
    }
    if (held.size() >= HELD_MAX || proposing.waitingBytes() > GATHERED_BYTES_MAX) {
      return new Reply.Failed(ErrorCode.BUSY, "too much is waiting for the ledger");
    }
    return OwnClock.isNear(execute.sessionLatest(), now)
        ? null
        : new Reply.Failed(
            ErrorCode.CLOCK, "what the session has met is too far ahead of this server's clock");
  }

  /**
   * Passes on those that may go, and answers those that are out of time.
   *
   * @param hopeless the answer to all others, if the ledger cannot be reached; else null
   * @param mayStamp whether this server's clock is trusted
   */
  void release(Reply.@Nullable Failed hopeless, boolean mayStamp, Now now, StrongEffects effects) {
    if (held.isEmpty()) {
      return;
    }
    List<StrongInput.Execute> all = held;
    held = new ArrayList<>();
    long applied = machine.applied().index();
    for (StrongInput.Execute execute : all) {
      if (hopeless != null) {
        effects.reply(execute.request(), hopeless);
      } else if (execute.requirement().isLost(machine.ends(), null)) {
        effects.reply(
            execute.request(), new Reply.Failed(ErrorCode.ERR_LOST, Problem.LOST.words()));
      } else if (execute.requirement().isSatisfiedBy(machine.absorbed(), applied, null)
          && mayStamp) {
        proposing.add(execute);
      } else if (now.nanos() - execute.deadlineNanos() >= 0) {
        effects.reply(execute.request(), mayStamp ? dependenciesMissing() : OwnClock.refusal());
      } else {
        held.add(execute);
      }
    }
  }

  /** Whether operations wait for what their sessions depend on. */
  boolean isHolding() {
    return !held.isEmpty();
  }

  private static Reply.Failed dependenciesMissing() {
    return new Reply.Failed(
        ErrorCode.ERR_DEP, "the ledger has not absorbed yet what the session depends on");
  }
}
