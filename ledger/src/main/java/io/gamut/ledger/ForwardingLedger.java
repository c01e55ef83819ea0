package io.gamut.ledger;

import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import org.jspecify.annotations.Nullable;

/** A ledger that hands everything on to another, but for what a subclass does otherwise. */
public abstract class ForwardingLedger implements Ledger {
  private final Ledger ledger;

  protected ForwardingLedger(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void start(long nowNanos, LedgerEffects effects) {
    ledger.start(nowNanos, effects);
  }

  @Override
  public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
    ledger.step(input, nowNanos, effects);
  }

  @Override
  public void flush(long nowNanos, LedgerEffects effects) {
    ledger.flush(nowNanos, effects);
  }

  @Override
  public long wakeAtNanos(long nowNanos) {
    return ledger.wakeAtNanos(nowNanos);
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
