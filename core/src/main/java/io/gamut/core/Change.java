package io.gamut.core;

import java.util.Arrays;

/** What a strong operation does to a key. */
public sealed interface Change {
  Key key();

  /** Sets the value, or deletes it. */
  record Put(Key key, Content content) implements Change {}

  /**
   * Adds to a number, which is a value of decimal digits; an absent one counts as 0. Client flags
   * and expiry stay. Fails where the value is no 64-bit number, or the sum is none.
   */
  record Increment(Key key, long delta) implements Change {}

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

  /** Sets when a value expires, in milliseconds since 1970, 0 for never. Leaves an absent one. */
  record ExpireAt(Key key, long millis) implements Change {
    public ExpireAt {
      if (millis < 0) {
        throw new InvalidDataException("an expiry is not before 1970: " + millis);
      }
    }
  }
}
