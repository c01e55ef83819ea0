package io.gamut.replication.strong;

import io.gamut.replication.committed.CommittedStore;

/**
 * Removes collected tombstones from the store, a few rows at a time: they count as absent from the
 * moment the floor was raised, so nobody waits for this, and no step takes long. Each replica does
 * it in its own time.
 */
final class Sweep {
  /** At one tick: a row may have the longest value, and is read. */
  private static final int ROWS_MAX = 128;

  private final CommittedStore store;
  private long floor;
  private int passes;

  Sweep(CommittedStore store) {
    this.store = store;
  }

  /** Goes on with it, or begins when the floor has been raised since. */
  void advance() {
    long raised = store.horizon().floor();
    if (raised != floor) {
      // Of a pass that is under way, the part that is done has to be done again.
      passes = passes == 0 ? 1 : 2;
      floor = raised;
    }
    if (passes > 0 && store.sweep(ROWS_MAX)) {
      passes--;
    }
  }
}
