package io.gamut.ledger.raft;

import io.gamut.ledger.ForwardingLedger;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;

/**
 * A participant for which only the time counts in which it could run.
 *
 * <p>Whoever comes late to its turn, since its processor was busy, its garbage was collected or its
 * machine slept, finds its deadlines over and the messages that would have met them still unread:
 * it would doubt a leader, or its own majority, that was there all the time. So it is told the time
 * as if it had come when it meant to. Nothing that the ledger promises rests on time, only when it
 * doubts does.
 */
public final class AwakeLedger extends ForwardingLedger {
  /** Less is not counted: a turn may take so long. */
  private static final long LATE_NANOS = 10_000_000;

  private long asleepNanos;

  /** When it meant to come: at its deadline after a turn, at once within one. */
  private long dueNanos;

  private boolean hasBegun;

  public AwakeLedger(Ledger ledger) {
    super(ledger);
  }

  /** The time without that in which it should have run and did not. */
  private long awake(long nowNanos) {
    if (hasBegun && nowNanos - dueNanos > LATE_NANOS) {
      asleepNanos += nowNanos - dueNanos;
    }
    hasBegun = true;
    dueNanos = nowNanos;
    return nowNanos - asleepNanos;
  }

  @Override
  public void start(long nowNanos, LedgerEffects effects) {
    super.start(awake(nowNanos), effects);
  }

  @Override
  public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
    super.step(input, awake(nowNanos), effects);
  }

  @Override
  public void flush(long nowNanos, LedgerEffects effects) {
    super.flush(awake(nowNanos), effects);
  }

  @Override
  public long wakeAtNanos(long nowNanos) {
    long wake = super.wakeAtNanos(awake(nowNanos)) + asleepNanos;
    // What is over by now is due now.
    dueNanos = wake - nowNanos < 0 ? nowNanos : wake;
    return wake;
  }
}
