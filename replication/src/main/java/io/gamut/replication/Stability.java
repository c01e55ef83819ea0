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
  /** How often dropping is looked at: often enough, and seldom enough to cost nothing. */
  private static final long STEP_NANOS = 100_000_000;

  private static final int DROPS_PER_STEP_MAX = 4_000;

  private final UpdateStore store;
  private VersionVector stable = VersionVector.EMPTY;
  private long nextNanos = Long.MIN_VALUE;

  Stability(UpdateStore store) {
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
    nextNanos = now.nanos() + STEP_NANOS;
    int[] budget = {DROPS_PER_STEP_MAX};
    stable.forEach((origin, through) -> {
      if (budget[0] > 0) {
        budget[0] -= store.dropOvertaken(origin, through, budget[0]);
      }
    });
  }
}
