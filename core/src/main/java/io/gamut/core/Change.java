package io.gamut.core;

import java.math.BigDecimal;
import java.util.Arrays;

/** What a strong operation does to a key. */
public sealed interface Change {
  Key key();

  /**
   * Changes nothing: the result holds the value that is there, if the operation wants it or not.
   */
  record Look(Key key) implements Change {}

  /** Sets the value, or deletes it. */
  record Put(Key key, Content content) implements Change {}

  /**
   * Sets a value's bytes and client flags; its expiry stays. Where there is none, a new one without
   * expiry. The array is not copied: read only.
   *
   * @param isStale whether it is stale from now on; whether somebody makes it anew then stays too
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Rewrite(Key key, byte[] bytes, int flags, boolean isStale) implements Change {
    public Rewrite(Key key, byte[] bytes, int flags) {
      this(key, bytes, flags, false);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Rewrite rewrite
          && key.equals(rewrite.key)
          && flags == rewrite.flags
          && isStale == rewrite.isStale
          && Arrays.equals(bytes, rewrite.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * key.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Rewrite[" + key + ", " + bytes.length + " bytes]";
    }
  }

  /**
   * Adds to a number, which is a value of decimal digits; an absent one counts as 0. Client flags
   * and expiry stay. Fails where the value is no 64-bit number, or the sum is none.
   */
  record Increment(Key key, long delta, Arithmetic arithmetic) implements Change {
    public Increment(Key key, long delta) {
      this(key, delta, Arithmetic.SIGNED);
    }
  }

  /** How numbers are read and added. */
  enum Arithmetic {
    /** Signed numbers, as Redis has them: no sign but a minus, no zeros ahead, no overflow. */
    SIGNED(1),
    /** Unsigned numbers, as memcached has them: zeros ahead are read, sums wrap around. */
    UNSIGNED_UP(2),
    /** The same, and the (unsigned) delta is taken away: what would be less than 0 is 0. */
    UNSIGNED_DOWN(3);

    private final int code;

    Arithmetic(int code) {
      this.code = code;
    }

    /** How encodings name it. */
    public int code() {
      return code;
    }

    /** Reads {@link #code}. Throws {@link InvalidDataException} if it is none. */
    public static Arithmetic of(int code) {
      for (Arithmetic arithmetic : values()) {
        if (arithmetic.code == code) {
          return arithmetic;
        }
      }
      throw new InvalidDataException("arithmetic " + code + " is not known here");
    }
  }

  /**
   * Adds to a decimal fraction, exactly, and rounds the sum to {@link Decimals#DIGITS_MAX} places;
   * an absent one counts as 0. Client flags and expiry stay. Fails where the value, or the sum, is
   * none that {@link Decimals} reads.
   */
  record IncrementDecimal(Key key, BigDecimal delta) implements Change {}

  /**
   * Adds bytes at the end of a value, or before it; an absent one counts as empty. Client flags and
   * expiry stay. Fails where the value would become too long. The array is not copied: read only.
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Append(Key key, byte[] bytes, boolean isInFront) implements Change {
    @Override
    public boolean equals(Object other) {
      return other instanceof Append append
          && key.equals(append.key)
          && isInFront == append.isInFront
          && Arrays.equals(bytes, append.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * key.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Append[" + key + ", " + bytes.length + " bytes, " + isInFront + "]";
    }
  }

  /**
   * Writes bytes over those of a value from an offset on, after zeros where it is shorter; an
   * absent one counts as empty. Nothing where there are no bytes to write. Client flags and expiry
   * stay. Fails where the value would become too long. The array is not copied: read only.
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Overwrite(Key key, int offset, byte[] bytes) implements Change {
    public Overwrite {
      if (offset < 0) {
        throw new InvalidDataException("an offset is not negative: " + offset);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Overwrite overwrite
          && key.equals(overwrite.key)
          && offset == overwrite.offset
          && Arrays.equals(bytes, overwrite.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * key.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Overwrite[" + key + ", " + offset + ", " + bytes.length + " bytes]";
    }
  }

  /**
   * Sets when a value expires, in milliseconds since 1970, 0 for never. Leaves an absent one, and
   * one that the rule does not allow.
   */
  record ExpireAt(Key key, long millis, ExpiryRule rule) implements Change {
    public ExpireAt {
      if (millis < 0) {
        throw new InvalidDataException("an expiry is not before 1970: " + millis);
      }
    }

    public ExpireAt(Key key, long millis) {
      this(key, millis, ExpiryRule.ALWAYS);
    }
  }

  /** Which values get a new expiry. A value without one expires later than any other. */
  enum ExpiryRule {
    ALWAYS(0),
    /** Those without one. */
    IF_NONE(1),
    /** Those with one. */
    IF_SOME(2),
    /** Those that expire sooner than the new one says. */
    IF_LATER(3),
    /** Those that expire later than the new one says. */
    IF_SOONER(4),
    /** The same, but for those without one. */
    IF_SOME_AND_SOONER(5);

    private final int code;

    ExpiryRule(int code) {
      this.code = code;
    }

    /** How encodings name it. */
    public int code() {
      return code;
    }

    /** Reads {@link #code}. Throws {@link InvalidDataException} if it is none. */
    public static ExpiryRule of(int code) {
      for (ExpiryRule rule : values()) {
        if (rule.code == code) {
          return rule;
        }
      }
      throw new InvalidDataException("expiry rule " + code + " is not known here");
    }

    /** Whether an expiry takes the place of another; 0 is never. */
    public boolean allows(long newMillis, long oldMillis) {
      return switch (this) {
        case ALWAYS -> true;
        case IF_NONE -> oldMillis == 0;
        case IF_SOME -> oldMillis != 0;
        case IF_LATER -> oldMillis != 0 && (newMillis == 0 || newMillis > oldMillis);
        case IF_SOONER -> newMillis != 0 && (oldMillis == 0 || newMillis < oldMillis);
        case IF_SOME_AND_SOONER -> newMillis != 0 && oldMillis != 0 && newMillis < oldMillis;
      };
    }
  }

  /** Says whether a value is to be made anew. Leaves an absent one. */
  record Renew(Key key, Renewal renewal) implements Change {}

  /**
   * Says that one client makes a value anew, if nobody does and it is due: stale, or over before a
   * time in milliseconds since 1970 (0 for whatever is stale).
   */
  record Claim(Key key, long untilMillis) implements Change {}

  /** Gives a key the value of another, with its client flags and expiry. Nothing if it has none. */
  record Copy(Key key, Key source) implements Change {}

  /** Roughly the bytes it takes in memory and on the wire, for budgets. */
  default int size() {
    int payload =
        switch (this) {
          case Put(Key _, Content content) -> content.size();
          case Rewrite rewrite -> rewrite.bytes().length;
          case Append append -> append.bytes().length;
          case Overwrite overwrite -> overwrite.bytes().length;
          case Copy(Key _, Key source) -> source.bytes().length;
          case Look _, Increment _, IncrementDecimal _, ExpireAt _, Renew _, Claim _ -> 0;
        };
    return Condition.OVERHEAD_BYTES + key().bytes().length + payload;
  }
}
