package io.gamut.core;

/**
 * A hybrid logical clock: wall time where it can, a counter where it must.
 *
 * <p>A timestamp is 48 bits of milliseconds since 1970 and 16 bits of counter, compared unsigned. A
 * stamp is greater than every stamp this clock has given or observed, and as close to wall time as
 * that allows (Kulkarni et al., "Logical Physical Clocks and Consistent Snapshots in Globally
 * Distributed Databases", 2014). A counter that overflows carries into the milliseconds, which
 * keeps the order.
 *
 * <p>Time comes in as a parameter. Not safe for use by several threads.
 */
public final class HybridClock {
  private static final int COUNTER_BITS = 16;

  private long latest;

  /** The next stamp: after everything given or observed, and not before {@code nowMillis}. */
  public long stamp(long nowMillis) {
    latest = Math.max(latest + 1, fromMillis(nowMillis));
    return latest;
  }

  /** Every later stamp will be greater than {@code timestamp}. */
  public void observe(long timestamp) {
    latest = Math.max(latest, timestamp);
  }

  /** The greatest timestamp given or observed so far. */
  public long latest() {
    return latest;
  }

  /** Whether a stamp from outside is at most {@code limitMillis} ahead of the wall clock. */
  public static boolean isWithin(long timestamp, long nowMillis, long limitMillis) {
    return timestamp >= 0 && millis(timestamp) <= nowMillis + limitMillis;
  }

  public static long fromMillis(long millis) {
    return millis << COUNTER_BITS;
  }

  public static long millis(long timestamp) {
    return timestamp >>> COUNTER_BITS;
  }

  public static int counter(long timestamp) {
    return (int) (timestamp & ((1 << COUNTER_BITS) - 1));
  }
}
