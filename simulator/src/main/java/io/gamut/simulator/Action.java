package io.gamut.simulator;

import io.gamut.core.Consistency;

/** What a scenario does to the simulated world, beside letting it run. */
sealed interface Action {
  /** A client writes a value that nobody else writes, or deletes. */
  record Put(int client, int key, Consistency level, boolean delete) implements Action {}

  /** A client reads. */
  record Get(int client, int key, Consistency level) implements Action {}

  /** A client asks another server from now on, with its session. */
  record Move(int client, int node) implements Action {}

  /**
   * A server dies, after so many more effects.
   *
   * @param power whether the machine dies with it, and unsynced data
   */
  record Crash(int node, boolean power, int afterEffects) implements Action {}

  /** A dead server is started again. */
  record Restart(int node) implements Action {}

  /** The link between two servers is cut. */
  record Cut(int left, int right) implements Action {}

  /** All links of a server are cut. */
  record Isolate(int node) implements Action {}

  /** All links are mended. */
  record HealAll() implements Action {}

  /** A server writes a checkpoint and lets its journal go. */
  record Checkpoint(int node) implements Action {}

  /** Somebody copies a server's disk. */
  record CopyDisk(int node) implements Action {}

  /** A server dies, and comes back with the copy of its disk. */
  record RollBack(int node) implements Action {}

  /** A server dies, and comes back with an empty disk. */
  record Wipe(int node) implements Action {}

  /** A server leaves in order; once it has, it runs on, stops, or its disk is thrown away. */
  record Leave(int node, Afterwards then) implements Action {}

  /** What becomes of a server that has left. */
  enum Afterwards {
    RUNS_ON,
    STOPS,
    THROWN_AWAY
  }

  /** A server joins that was not there before. */
  record Join(int node) implements Action {}
}
