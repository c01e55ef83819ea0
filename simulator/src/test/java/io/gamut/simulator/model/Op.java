package io.gamut.simulator.model;

import java.util.List;

/** One operation of a session's script. */
sealed interface Op {
  enum Level {
    SESSION,
    CAUSAL,
    SEQUENTIAL,
    LINEARIZABLE;

    boolean isStrong() {
      return this == SEQUENTIAL || this == LINEARIZABLE;
    }
  }

  /**
   * A weak set or delete.
   *
   * @param isRetried whether it may reach a second replica too, before or after the session hears
   *     of the first one's answer
   */
  record Weak(Level level, int key, boolean isLive, boolean isRetried) implements Op {}

  /**
   * A strong operation.
   *
   * @param isPipelined whether it may be sent before the one before it is answered
   */
  record Strong(Entry.Kind kind, int key, boolean isPipelined) implements Op {}

  /** A read at any of these levels of any of these keys. */
  record Read(List<Level> levels, List<Integer> keys) implements Op {}

  static Op set(Level level, int key) {
    return new Weak(level, key, true, false);
  }

  static Op delete(Level level, int key) {
    return new Weak(level, key, false, false);
  }

  static Op retriedSet(Level level, int key) {
    return new Weak(level, key, true, true);
  }

  static Op strong(Entry.Kind kind, int key) {
    return new Strong(kind, key, false);
  }

  static Op pipelined(Entry.Kind kind, int key) {
    return new Strong(kind, key, true);
  }

  static Op read(Level level, int key) {
    return new Read(List.of(level), List.of(key));
  }

  /** A read at any level. */
  static Op read(Integer... keys) {
    return new Read(List.of(Level.values()), List.of(keys));
  }
}
