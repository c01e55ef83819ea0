package io.gamut.replication.strong;

import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import io.gamut.replication.strong.StrongMessage.Urge;
import org.jspecify.annotations.Nullable;

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

  void tell(@Nullable Participant leader, Now now, StrongEffects effects) {
    if (leader != null && now.nanos() - nextNanos >= 0) {
      nextNanos = now.nanos() + REPEAT_NANOS;
      effects.tell(leader.node(), new Urge());
    }
  }
}
