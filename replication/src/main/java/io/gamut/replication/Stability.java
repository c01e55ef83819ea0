package io.gamut.replication;

import io.gamut.core.VersionVector;
import io.gamut.replication.store.UpdateStore;

/**
 * Drops what nobody needs any more: updates that were overtaken by one that every member shows.
 *
 * <p>Those that won their keys stay, since they are the data; so the store grows with the number of
 * keys and with what some member does not show yet. A member that is away holds back the rest until
 * it returns or leaves.
 *
 * <p>It is not enough that every member <em>holds</em> the dropped update itself. What has
 * overtaken it may be held by one server only; if that one's disk were lost, some would have passed
 * over the gap for good while others still showed the overtaken update.
 *
 * <p>Before anything is dropped, the barrier that closes the gaps (see {@link CatchUp}) is in the
 * journal.
 */
final class Stability {
  private static final int DROPS_PER_STEP_MAX = 4_000;

  private final Timing timing;
  private final UpdateStore store;
  private final CatchUp catchUp;
  private VersionVector stable = VersionVector.EMPTY;
  private long nextNanos = Long.MIN_VALUE;

  Stability(Timing timing, UpdateStore store, CatchUp catchUp) {
    this.timing = timing;
    this.store = store;
    this.catchUp = catchUp;
  }

  /** What all members show. */
  VersionVector stable() {
    return stable;
  }

  /**
   * Takes note of what all members show, and drops what the barrier already allows.
   *
   * @return whether the barrier should be raised, so that more may be dropped
   */
  boolean advance(VersionVector shownByAll, Now now) {
    stable = shownByAll;
    if (now.nanos() < nextNanos) {
      return false;
    }
    nextNanos = now.nanos() + timing.dropNanos();
    drop();
    return !catchUp.barrier().covers(shownByAll);
  }

  private void drop() {
    int[] budget = {DROPS_PER_STEP_MAX};
    catchUp
        .barrier()
        .forEach((origin, through) -> {
          if (budget[0] > 0) {
            budget[0] -= store.dropOvertakenBy(origin, through, budget[0]);
          }
        });
  }
}
