package io.gamut.server.http;

import io.gamut.core.Content;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a value has beside its bytes.
 *
 * @param expiresAtMillis since 1970; 0 for never
 */
record ValueOptions(int flags, long expiresAtMillis) {
  static final Set<String> NAMES = new TreeSet<>(Set.of("ttl", "expiresAt", "flags"));

  /** 2^32 - 1: memcached's client flags are unsigned. */
  static final long FLAGS_MAX = 0xffff_ffffL;

  static ValueOptions of(Target target, InstantSource clock) {
    return of(
        target.number("flags", 0, 0, FLAGS_MAX),
        target.number("ttl", 0, 1, Long.MAX_VALUE),
        target.number("expiresAt", 0, 1, Long.MAX_VALUE),
        clock);
  }

  /**
   * @param ttlMillis from now on by this server's clock; 0 for none
   * @param expiresAtMillis since 1970; 0 for none
   */
  static ValueOptions of(long flags, long ttlMillis, long expiresAtMillis, InstantSource clock) {
    if (ttlMillis != 0 && expiresAtMillis != 0) {
      throw ProblemException.malformed("'ttl' and 'expiresAt' exclude each other");
    }
    if (ttlMillis == 0) {
      return new ValueOptions((int) flags, expiresAtMillis);
    }
    try {
      long expiry = Math.addExact(clock.millis(), ttlMillis);
      return new ValueOptions((int) flags, expiry);
    } catch (ArithmeticException _) {
      throw ProblemException.malformed("'ttl' is beyond all time");
    }
  }

  Content.Value value(byte[] bytes) {
    return new Content.Value(bytes, flags, expiresAtMillis);
  }
}
