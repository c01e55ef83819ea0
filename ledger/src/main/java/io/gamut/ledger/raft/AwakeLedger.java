package io.gamut.ledger.raft;

import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import org.jspecify.annotations.Nullable;

/**
 * A participant for which only the time counts in which it could run.
 *
 * <p>Whoever comes late to its turn, since its processor was busy, its garbage was collected or its
 * machine slept, finds its deadlines over and the messages that would have met them still unread:
 * it would doubt a leader, or its own majority, that was there all the time. So it is told the time
 * as if it had come when it meant to. Nothing that the ledger promises rests on time, only when it
 * doubts does.
 */
public final class AwakeLedger implements Ledger {
  /** Less is not counted: a turn may take so long. */
  private static final long LATE_NANOS = 10_000_000;

  private final Ledger ledger;
  private long asleepNanos;

  /** When it meant to come: at its deadline after a turn, at once within one. */
  private long dueNanos;

  private boolean hasBegun;

  public AwakeLedger(Ledger ledger) {
    this.ledger = ledger;
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
    ledger.start(awake(nowNanos), effects);
  }

  @Override
  public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
    ledger.step(input, awake(nowNanos), effects);
  }

  @Override
  public void flush(long nowNanos, LedgerEffects effects) {
    ledger.flush(awake(nowNanos), effects);
  }

  @Override
  public long wakeAtNanos(long nowNanos) {
    long wake = ledger.wakeAtNanos(awake(nowNanos)) + asleepNanos;
    // What is over by now is due now.
    dueNanos = wake - nowNanos < 0 ? nowNanos : wake;
    return wake;
  }

  @Override
  public @Nullable Participant leader() {
    return ledger.leader();
  }

  @Override
  public boolean isLeader() {
    return ledger.isLeader();
  }

  @Override
  public long term() {
    return ledger.term();
  }

  @Override
  public long commitIndex() {
    return ledger.commitIndex();
  }

  @Override
  public long lastIndex() {
    return ledger.lastIndex();
  }

  @Override
  public Configuration configuration() {
    return ledger.configuration();
  }

  @Override
  public long durableIndex() {
    return ledger.durableIndex();
  }

  @Override
  public Kept kept() {
    return ledger.kept();
  }
}
