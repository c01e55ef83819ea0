package io.gamut.replication.strong;

import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import io.gamut.replication.strong.StrongMessage.Urge;

/**
 * Tells the leader that strong requests wait here for weak updates, so that it lets none gather. An
 * urge may be lost, or come before the update that it is for: it is repeated while requests wait.
 */
final class Urging {
  private static final long REPEAT_NANOS = 5_000_000;

  private long nextNanos;

  Urging(Now now) {
    nextNanos = now.nanos();
  }

  /** Tells the leader, wherever it is, if it is time. */
  void urge(Ledger ledger, Absorbing absorbing, Now now, StrongEffects effects) {
    Participant leader = ledger.leader();
    if (ledger.isLeader()) {
      absorbing.hurry();
    } else if (leader != null && now.nanos() - nextNanos >= 0) {
      nextNanos = now.nanos() + REPEAT_NANOS;
      effects.tell(leader.node(), new Urge());
    }
  }
}
