package io.gamut.core;

import java.util.Arrays;

/** What must hold at a key for a strong operation to change anything. */
public sealed interface Condition {
  /** What a condition or a change takes in memory beside its key and value, roughly. */
  int OVERHEAD_BYTES = 32;

  Key key();

  /** There is no value: never written, deleted, or expired. */
  record Absent(Key key) implements Condition {}

  /** There is a value. */
  record Present(Key key) implements Condition {}

  /** The key's last write, a deletion too, is of this version. */
  record VersionIs(Key key, Version version) implements Condition {}

  /** There is a value, and its version's {@linkplain Version#tag tag} is this. */
  record TagIs(Key key, long tag) implements Condition {}

  /** There is a value, and its version's {@linkplain Version#tag tag} is another. */
  record TagIsNot(Key key, long tag) implements Condition {}

  /** There is a value of these bytes. The array is not copied: read only. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record ValueIs(Key key, byte[] bytes) implements Condition {
    @Override
    public boolean equals(Object other) {
      return other instanceof ValueIs is && key.equals(is.key) && Arrays.equals(bytes, is.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * key.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "ValueIs[" + key + ", " + bytes.length + " bytes]";
    }
  }

  /** Roughly the bytes it takes in memory and on the wire, for budgets. */
  default int size() {
    int payload = this instanceof ValueIs is ? is.bytes().length : 0;
    return OVERHEAD_BYTES + key().bytes().length + payload;
  }
}
