package io.gamut.core;

import java.util.Arrays;
import java.util.function.ObjLongConsumer;

/**
 * Per origin, the highest sequence known without a gap (Parker et al., "Detection of Mutual
 * Inconsistency in Distributed Systems", 1983). An origin that is not listed stands at 0.
 *
 * <p>Immutable, and sorted by origin: its iteration order and its encoding are the same on every
 * run. Vectors are short (an origin per disk ever used), so arrays beat a map.
 */
public final class VersionVector {
  public static final VersionVector EMPTY = new VersionVector(new Origin[0], new long[0]);

  private final Origin[] origins;
  private final long[] sequences;

  private VersionVector(Origin[] origins, long[] sequences) {
    this.origins = origins;
    this.sequences = sequences;
  }

  public static VersionVector of(Dot dot) {
    return EMPTY.with(dot.origin(), dot.sequence());
  }

  /** The sequence of an origin, 0 when it is not listed. */
  public long get(Origin origin) {
    int index = Arrays.binarySearch(origins, origin);
    return index < 0 ? 0 : sequences[index];
  }

  public boolean covers(Dot dot) {
    return get(dot.origin()) >= dot.sequence();
  }

  /** Whether every entry of {@code other} is reached here. */
  public boolean covers(VersionVector other) {
    int mine = 0;
    for (int theirs = 0; theirs < other.origins.length; theirs++) {
      Origin wanted = other.origins[theirs];
      while (mine < origins.length && origins[mine].compareTo(wanted) < 0) {
        mine++;
      }
      boolean listed = mine < origins.length && origins[mine].equals(wanted);
      if (!listed || sequences[mine] < other.sequences[theirs]) {
        return false;
      }
    }
    return true;
  }

  /** This vector with one entry set to {@code sequence}, also downwards; 0 takes it out. */
  public VersionVector with(Origin origin, long sequence) {
    int index = Arrays.binarySearch(origins, origin);
    if (index >= 0) {
      return sequence == 0 ? without(index) : replaced(index, sequence);
    }
    return sequence == 0 ? this : inserted(-index - 1, origin, sequence);
  }

  /** This vector raised, where need be, to cover {@code dot}. */
  public VersionVector raisedTo(Dot dot) {
    return covers(dot) ? this : with(dot.origin(), dot.sequence());
  }

  /** The entry-wise greater of the two: the least vector that covers both. */
  public VersionVector join(VersionVector other) {
    if (covers(other)) {
      return this;
    }
    if (other.covers(this)) {
      return other;
    }
    return merge(other, true);
  }

  /** The entry-wise lesser of the two: what both cover. */
  public VersionVector meet(VersionVector other) {
    if (covers(other)) {
      return other;
    }
    if (other.covers(this)) {
      return this;
    }
    return merge(other, false);
  }

  private VersionVector merge(VersionVector other, boolean join) {
    Origin[] mergedOrigins = new Origin[origins.length + other.origins.length];
    long[] mergedSequences = new long[mergedOrigins.length];
    int count = 0;
    int mine = 0;
    int theirs = 0;
    while (mine < origins.length || theirs < other.origins.length) {
      int order = compareAt(mine, other, theirs);
      Origin origin = order <= 0 ? origins[mine] : other.origins[theirs];
      long left = order <= 0 ? sequences[mine++] : 0;
      long right = order >= 0 ? other.sequences[theirs++] : 0;
      long sequence = join ? Math.max(left, right) : Math.min(left, right);
      if (sequence > 0) {
        mergedOrigins[count] = origin;
        mergedSequences[count++] = sequence;
      }
    }
    return new VersionVector(
        Arrays.copyOf(mergedOrigins, count), Arrays.copyOf(mergedSequences, count));
  }

  private int compareAt(int mine, VersionVector other, int theirs) {
    if (mine == origins.length) {
      return 1;
    }
    return theirs == other.origins.length ? -1 : origins[mine].compareTo(other.origins[theirs]);
  }

  private VersionVector replaced(int index, long sequence) {
    long[] changed = sequences.clone();
    changed[index] = sequence;
    return new VersionVector(origins, changed);
  }

  private VersionVector inserted(int index, Origin origin, long sequence) {
    Origin[] moreOrigins = new Origin[origins.length + 1];
    long[] moreSequences = new long[origins.length + 1];
    System.arraycopy(origins, 0, moreOrigins, 0, index);
    System.arraycopy(sequences, 0, moreSequences, 0, index);
    moreOrigins[index] = origin;
    moreSequences[index] = sequence;
    System.arraycopy(origins, index, moreOrigins, index + 1, origins.length - index);
    System.arraycopy(sequences, index, moreSequences, index + 1, origins.length - index);
    return new VersionVector(moreOrigins, moreSequences);
  }

  private VersionVector without(int index) {
    Origin[] fewerOrigins = Arrays.copyOf(origins, origins.length - 1);
    long[] fewerSequences = Arrays.copyOf(sequences, origins.length - 1);
    System.arraycopy(origins, index + 1, fewerOrigins, index, origins.length - index - 1);
    System.arraycopy(sequences, index + 1, fewerSequences, index, origins.length - index - 1);
    return new VersionVector(fewerOrigins, fewerSequences);
  }

  /** Calls back for each entry, in the order of the origins. */
  public void forEach(ObjLongConsumer<Origin> consumer) {
    for (int i = 0; i < origins.length; i++) {
      consumer.accept(origins[i], sequences[i]);
    }
  }

  /** How many origins are listed. */
  public int size() {
    return origins.length;
  }

  public boolean isEmpty() {
    return origins.length == 0;
  }

  public void write(BinaryWriter out) {
    out.writeVarint(origins.length);
    for (int i = 0; i < origins.length; i++) {
      out.writeOrigin(origins[i]);
      out.writeVarint(sequences[i]);
    }
  }

  public static VersionVector read(BinaryReader in) {
    int count = in.readCount(Limits.ORIGINS_MAX, "origins in a vector");
    Origin[] origins = new Origin[count];
    long[] sequences = new long[count];
    for (int i = 0; i < count; i++) {
      origins[i] = in.readOrigin();
      sequences[i] = in.readVarint();
      if (sequences[i] < 1 || (i > 0 && origins[i - 1].compareTo(origins[i]) >= 0)) {
        throw new InvalidDataException(
            "a vector lists each origin once, in ascending order, from sequence 1 on");
      }
    }
    return count == 0 ? EMPTY : new VersionVector(origins, sequences);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionVector vector
        && Arrays.equals(sequences, vector.sequences)
        && Arrays.equals(origins, vector.origins);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(origins) + Arrays.hashCode(sequences);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < origins.length; i++) {
      text.append(i == 0 ? "" : " ").append(origins[i].brief()).append(':').append(sequences[i]);
    }
    return text.append('}').toString();
  }
}
