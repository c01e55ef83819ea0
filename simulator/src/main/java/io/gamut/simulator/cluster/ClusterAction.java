package io.gamut.simulator.cluster;

import io.gamut.core.Consistency;

/** What can happen in a simulated cluster; servers, clients and keys by number. */
sealed interface ClusterAction {
  /** A client writes weakly, or deletes. */
  record Put(int client, int key, Consistency level, boolean delete) implements ClusterAction {}

  /**
   * A client reads, at any level.
   *
   * @param boundMicros how old a bounded read may be
   */
  record Get(int client, int key, Consistency level, int boundMicros) implements ClusterAction {}

  /** A client has the ledger do something. */
  record Execute(int client, int key, Kind kind) implements ClusterAction {}

  /** What a strong operation does. */
  enum Kind {
    PUT,
    DELETE,
    PUT_IF_ABSENT,
    /** If the key is of the version that the session met last. */
    PUT_IF_SAME,
    INCREMENT,
    APPEND,
    /** Two keys at once; every third request for it in steps, of which some do not come about. */
    PUT_BOTH,
    /** All keys are deleted. */
    CLEAR
  }

  /** A client asks another server from now on, with its session. */
  record Move(int client, int server) implements ClusterAction {}

  /**
   * A server dies, after so many more effects; at once with 0.
   *
   * @param power whether the machine dies with it, and unsynced data
   * @param isBrief whether it is started again within moments
   */
  record Crash(int server, int afterEffects, boolean power, boolean isBrief)
      implements ClusterAction {}

  record Restart(int server) implements ClusterAction {}

  record Cut(int from, int to, boolean isOneWay) implements ClusterAction {}

  record Isolate(int server) implements ClusterAction {}

  record HealAll() implements ClusterAction {}

  /** Does nothing for a while, and hears everything afterwards. */
  record Pause(int server, int micros) implements ClusterAction {}

  /** A wall clock is set. */
  record SetClock(int server, int aheadMillis) implements ClusterAction {}

  /** A wall clock is far off from now on, or right again. */
  record Poison(int server, long millis) implements ClusterAction {}

  record Checkpoint(int server) implements ClusterAction {}

  record HandOver(int server) implements ClusterAction {}

  /** Its disk is lost. Not if that could lose a majority of the ledger. */
  record Wipe(int server) implements ClusterAction {}

  /** A server stops for a moment, and its disk is copied. */
  record CopyDisk(int server) implements ClusterAction {}

  /**
   * Its disk is set back to the copy. Only while everybody is there who has heard it since, and the
   * network is whole: what was heard is kept on no disk.
   */
  record SetBack(int server) implements ClusterAction {}

  /**
   * An operator has a server removed, by asking another one. Not if that could lose a majority of
   * the ledger.
   *
   * @param isLost whether its disk is lost for good; else the operator is mistaken
   */
  record Remove(int server, int by, boolean isLost) implements ClusterAction {}

  /** A server leaves in order; once it has, it stops, and perhaps its disk is thrown away. */
  record Leave(int server, boolean isThrownAway) implements ClusterAction {}
}
