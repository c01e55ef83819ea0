package io.gamut.simulator.model;

/** What the ledger lists. */
sealed interface Entry {
  enum Kind {
    SET,
    SET_IF_ABSENT,
    DELETE,
    /** A range tombstone over both keys. */
    DELETE_ALL
  }

  record Absorb(Update update) implements Entry {}

  /** The session is the proposer, and numbers its strong operations from 0. */
  record Strong(int session, int number, Kind kind, int key, int write, int stamp, int deps)
      implements Entry {}

  /**
   * The end of an origin.
   *
   * @param asked the origins, as bits, whose owners were asked what they hold, or are gone
   */
  record Close(int origin, int last, int asked) implements Entry {}

  /**
   * What collects tombstones.
   *
   * @param promisers the origins, as bits, whose owners will never stamp at or below the floor
   *     again
   * @param promised their last updates with versions at or below it
   */
  record RaiseFloor(int floor, int promisers, int promised) implements Entry {}

  record Admit(int origin) implements Entry {}
}
