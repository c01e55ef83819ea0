package io.gamut.simulator.cluster;

import io.gamut.ledger.ForwardingLedger;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ledger that tells a judge what it says is committed, and who leads. */
final class WatchedLedger extends ForwardingLedger {
  private final Watcher watcher;

  /** Is told what the ledger says, before and after the replica acts on it. */
  interface Watcher {
    void onCommitted(List<Entry> entries);

    void onApplied();

    void onLed(@Nullable Participant leader, long term);
  }

  WatchedLedger(Ledger ledger, Watcher watcher) {
    super(ledger);
    this.watcher = watcher;
  }

  @Override
  public void start(long nowNanos, LedgerEffects effects) {
    super.start(nowNanos, new Watched(effects));
  }

  @Override
  public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
    super.step(input, nowNanos, new Watched(effects));
  }

  @Override
  public void flush(long nowNanos, LedgerEffects effects) {
    super.flush(nowNanos, new Watched(effects));
  }

  /** Passes everything on. */
  private final class Watched implements LedgerEffects {
    private final LedgerEffects effects;

    Watched(LedgerEffects effects) {
      this.effects = effects;
    }

    @Override
    public void persist(LedgerRecord record) {
      effects.persist(record);
    }

    @Override
    public void send(Participant to, LedgerMessage message) {
      effects.send(to, message);
    }

    @Override
    public void committed(List<Entry> entries) {
      watcher.onCommitted(entries);
      effects.committed(entries);
      watcher.onApplied();
    }

    @Override
    public void proposed(long request, Outcome outcome) {
      effects.proposed(request, outcome);
    }

    @Override
    public void readable(long request, long index) {
      effects.readable(request, index);
    }

    @Override
    public void unreadable(long request) {
      effects.unreadable(request);
    }

    @Override
    public void configured(Configuration configuration) {
      effects.configured(configuration);
    }

    @Override
    public void led(@Nullable Participant leader, long term) {
      watcher.onLed(leader, term);
      effects.led(leader, term);
    }

    @Override
    public void needsSnapshot(Participant participant) {
      effects.needsSnapshot(participant);
    }

    @Override
    public void outdated() {
      effects.outdated();
    }
  }
}
