package io.gamut.replication;

import io.gamut.core.VersionVector;
import io.gamut.replication.store.UpdateStore;

/**
 * Drops what nobody needs any more: updates that every member holds and a later write has
 * overtaken.
 *
 * <p>Those that won their keys stay, since they are the data; so the store grows with the number of
 * keys and with what some member still lacks. A member that is away holds back the rest until it
 * returns or leaves.
 */
final class Stability {
  private static final int DROPS_PER_STEP_MAX = 4_000;

  private final Timing timing;
  private final UpdateStore store;
  private VersionVector stable = VersionVector.EMPTY;
  private long nextNanos = Long.MIN_VALUE;

  Stability(Timing timing, UpdateStore store) {
    this.timing = timing;
    this.store = store;
  }

  VersionVector stable() {
    return stable;
  }

  void advance(VersionVector nowStable, Now now) {
    stable = nowStable;
    if (now.nanos() < nextNanos) {
      return;
    }
    nextNanos = now.nanos() + timing.dropNanos();
    int[] budget = {DROPS_PER_STEP_MAX};
    stable.forEach((origin, through) -> {
      if (budget[0] > 0) {
        budget[0] -= store.dropOvertaken(origin, through, budget[0]);
      }
    });
  }
}
