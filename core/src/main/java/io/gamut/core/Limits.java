package io.gamut.core;

/**
 * The bounds on data, each with its unit and reason. What only one module bounds stands in that
 * module.
 */
public final class Limits {
  /** Bytes. Long enough for paths and composite names; keys are held in memory in sessions. */
  public static final int KEY_BYTES_MAX = 4_096;

  /** Bytes. A value travels in one frame and is journalled in one record. */
  public static final int VALUE_BYTES_MAX = 8 << 20;

  /**
   * Of the values that one strong operation writes and returns, 64 MiB: some make many of few bytes
   * (copying one value to many keys), and all of it is held in memory on every replica.
   */
  public static final long OPERATION_BYTES_MAX = 64L << 20;

  /**
   * Milliseconds a stamp may run ahead of a server's own clock before it is refused: one bad clock
   * must not win every conflict for a year.
   */
  public static final long CLOCK_AHEAD_MILLIS_MAX = 1_000;

  /** Keys a session remembers one by one; older ones are folded into a vector. */
  public static final int SESSION_KEYS_MAX = 1_024;

  /** Bytes of those keys together, so that a token seldom has more than 150 kB. */
  public static final int SESSION_KEY_BYTES_MAX = 64 << 10;

  /** Origins in one vector: a new one comes with an empty disk or an unclean start, seldom. */
  public static final int ORIGINS_MAX = 4_096;

  /**
   * Bytes of a session's token, with all keys and origins that it may have: more is none, and need
   * not be read.
   */
  public static final int TOKEN_BYTES_MAX = 512 << 10;

  /** Milliseconds that a request may wait for what its session depends on, at most. */
  public static final int WAIT_MILLIS_MAX = 600_000;

  private Limits() {}
}
