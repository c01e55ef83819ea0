package io.gamut.verify.check;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of so many are marked, where mostly the first ones are: a snapshot leaves out those before
 * the first that is not.
 */
final class Marks {
  private static final long ALL = -1;

  private final long[] words;
  private int count;

  /** The first word in which not all are marked, or one before it. */
  private int first;

  Marks(int size) {
    words = new long[(size + Long.SIZE - 1) / Long.SIZE];
  }

  /** What was marked in two of them. */
  static final class Snapshot {
    private static final int HEADER_BYTES = 48;

    /** The words of the one before this place are full. */
    private final int first;

    /** From where on they are those of the other. */
    private final int split;

    private final long[] words;
    private final int hash;

    private Snapshot(int first, int split, long[] words) {
      this.first = first;
      this.split = split;
      this.words = words;
      hash = 31 * (31 * first + split) + Arrays.hashCode(words);
    }

    int bytes() {
      return HEADER_BYTES + Long.BYTES * words.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Snapshot snapshot
          && first == snapshot.first
          && split == snapshot.split
          && Arrays.equals(words, snapshot.words);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  boolean get(int number) {
    return (words[number / Long.SIZE] >>> number & 1) != 0;
  }

  void set(int number) {
    words[number / Long.SIZE] |= 1L << number;
    count++;
  }

  void clear(int number) {
    words[number / Long.SIZE] &= ~(1L << number);
    count--;
    first = Math.min(first, number / Long.SIZE);
  }

  /** How many are marked. */
  int count() {
    return count;
  }

  /** One before which all are marked. */
  int firstClear() {
    while (first < words.length && words[first] == ALL) {
      first++;
    }
    return first * Long.SIZE;
  }

  /** What is marked in this one and in another. */
  Snapshot snapshot(Marks other) {
    int from = firstClear() / Long.SIZE;
    int to = end(from);
    int more = other.end(0);
    long[] all = Arrays.copyOf(Arrays.copyOfRange(words, from, to), to - from + more);
    System.arraycopy(other.words, 0, all, to - from, more);
    return new Snapshot(from, to - from, all);
  }

  /** Behind the last word in which one is marked, where all are before a word. */
  private int end(int from) {
    int left = count - from * Long.SIZE;
    int to = from;
    while (left > 0) {
      left -= Long.bitCount(words[to++]);
    }
    return to;
  }
}
