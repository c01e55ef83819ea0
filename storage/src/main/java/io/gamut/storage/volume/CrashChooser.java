package io.gamut.storage.volume;

import java.util.SplittableRandom;

/** Decides, at a simulated crash, which of several states a piece of unsynced disk is left in. */
@FunctionalInterface
public interface CrashChooser {
  /** The worst disk: nothing unsynced survives. */
  CrashChooser LOSE_ALL = _ -> 0;

  /** The best disk: everything unsynced survives. */
  CrashChooser KEEP_ALL = states -> states - 1;

  /**
   * Picks one of the states 0 (as last synced) to {@code states - 1} (as last written).
   *
   * @param states how many there are; at least 2
   */
  int choose(int states);

  /** Picks at random, the same for the same seed. */
  static CrashChooser seeded(long seed) {
    return new SplittableRandom(seed)::nextInt;
  }
}
