package io.gamut.replication;

import io.gamut.core.VersionVector;
import io.gamut.replication.store.UpdateStore;

/**
 * Drops what nobody needs any more: overtaken updates that every member has shown, and shows what
 * has overtaken them.
 *
 * <p>Those that won their keys stay, since they are the data; so the store grows with the number of
 * keys and with what some member does not show yet. A member that is away holds back the rest until
 * it returns or leaves.
 *
 * <p>It is not enough that every member shows the dropped update. What has overtaken it may be held
 * by one server only; if that one's disk were lost, some would have passed over the gap for good
 * while others still showed the overtaken update. Nor is it enough that every member shows what has
 * overtaken it: a member that lacks the update would pass over the gap and show what depends on it
 * without what it depended on itself, at other keys.
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
  private VersionVector raised = VersionVector.EMPTY;
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
    store.dropOvertaken(catchUp.barrier(), DROPS_PER_STEP_MAX);
    boolean isMore = !raised.covers(shownByAll) && !catchUp.barrier().covers(shownByAll);
    raised = raised.join(shownByAll);
    return isMore;
  }
}
