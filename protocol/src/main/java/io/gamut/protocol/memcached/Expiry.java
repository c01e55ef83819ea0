package io.gamut.protocol.memcached;

import java.util.OptionalLong;

/**
 * When a value expires, as the protocol says it: 0 is never, a negative number at once, up to 30
 * days are seconds from now, and more are seconds since 1970.
 */
public final class Expiry {
  /** In milliseconds since 1970, as values have it. */
  public static final long NEVER = 0;

  private static final long RELATIVE_SECONDS_MAX = 30L * 24 * 60 * 60;
  private static final long SECOND_MILLIS = 1_000;

  private Expiry() {}

  /**
   * When it expires, in milliseconds since 1970, {@link #NEVER} for never; nothing where that is at
   * once or is over. What is beyond what a number of milliseconds can say is never.
   */
  public static OptionalLong millis(long seconds, long nowMillis) {
    if (seconds == 0) {
      return OptionalLong.of(NEVER);
    }
    if (seconds < 0) {
      return OptionalLong.empty();
    }
    if (seconds <= RELATIVE_SECONDS_MAX) {
      return OptionalLong.of(nowMillis + seconds * SECOND_MILLIS);
    }
    if (seconds > Long.MAX_VALUE / SECOND_MILLIS) {
      return OptionalLong.of(NEVER);
    }
    long millis = seconds * SECOND_MILLIS;
    return millis <= nowMillis ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  /** The whole seconds that are left, as replies have it; -1 for never. */
  public static long secondsLeft(long expiresAtMillis, long nowMillis) {
    if (expiresAtMillis == NEVER) {
      return -1;
    }
    return Math.max(0, Math.ceilDiv(expiresAtMillis - nowMillis, SECOND_MILLIS));
  }

  /**
   * What is over before this has fewer seconds left than so many, as {@link #secondsLeft} counts.
   */
  public static long endOfLessThan(long seconds, long nowMillis) {
    long whole = Math.clamp(seconds - 1, 0L, Integer.MAX_VALUE);
    return nowMillis + whole * SECOND_MILLIS + 1;
  }
}
