package io.gamut.core;

import java.util.Arrays;

/** What a write leaves at a key: a value, or the mark that there is none any more. */
public sealed interface Content {
  /**
   * Bytes with memcached's 32 client flags and an expiry in milliseconds since 1970, 0 for never.
   * The array is not copied: read only.
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Value(byte[] bytes, int flags, long expiresAtMillis, Renewal renewal) implements Content {
    private static final int RENEWAL_SHIFT = Integer.SIZE;

    public Value {
      if (expiresAtMillis < 0) {
        throw new InvalidDataException("an expiry is not before 1970: " + expiresAtMillis);
      }
      if (bytes.length > Limits.VALUE_BYTES_MAX) {
        throw new InvalidDataException(
            "a value has at most " + Limits.VALUE_BYTES_MAX + " bytes, not " + bytes.length);
      }
    }

    public Value(byte[] bytes, int flags, long expiresAtMillis) {
      this(bytes, flags, expiresAtMillis, Renewal.NONE);
    }

    public static Value of(byte[] bytes) {
      return new Value(bytes, 0, 0);
    }

    /** The same with other bytes, as good as new. */
    public Value withBytes(byte[] others) {
      return new Value(others, flags, expiresAtMillis);
    }

    public Value withExpiry(long millis) {
      return new Value(bytes, flags, millis, renewal);
    }

    public Value with(Renewal other) {
      return new Value(bytes, flags, expiresAtMillis, other);
    }

    /** Whether it is to be made anew and nobody does: stale, or over before a time, 0 for none. */
    public boolean isDue(long untilMillis) {
      boolean isOverSoon = expiresAtMillis != 0 && expiresAtMillis < untilMillis;
      return !renewal.isClaimed() && (renewal.isStale() || isOverSoon);
    }

    /** The client flags and the renewal, as one number that encodings write: 0 for most. */
    public long marks() {
      return Integer.toUnsignedLong(flags) | ((long) renewal.code() << RENEWAL_SHIFT);
    }

    /** A value by its {@link #marks}. Throws {@link InvalidDataException} if they are none. */
    public static Value marked(byte[] bytes, long marks, long expiresAtMillis) {
      Renewal renewal = Renewal.of(marks >>> RENEWAL_SHIFT);
      return new Value(bytes, (int) marks, expiresAtMillis, renewal);
    }

    public boolean expiredAt(long nowMillis) {
      return expiresAtMillis != 0 && expiresAtMillis <= nowMillis;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Value value
          && flags == value.flags
          && expiresAtMillis == value.expiresAtMillis
          && renewal == value.renewal
          && Arrays.equals(bytes, value.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Value[" + bytes.length + " bytes]";
    }
  }

  /**
   * A deletion. It stays as long as some replica could still bring an older write of its key, so
   * that the write cannot come back to life.
   */
  enum Tombstone implements Content {
    TOMBSTONE
  }

  /** Bytes of payload, for budgets. */
  default int size() {
    return switch (this) {
      case Value value -> value.bytes().length;
      case Tombstone.TOMBSTONE -> 0;
    };
  }
}
