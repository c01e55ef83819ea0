package io.gamut.core;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Per closed origin its last sequence: its server's disk is gone for good, and no update beyond
 * will ever come. A dependency beyond an end is <em>void</em>; what of it lies before the end still
 * counts. Immutable.
 *
 * @param byOrigin the ends of those origins of which anybody held something
 * @param disks incarnations of disks that are closed: each other origin that was drawn on one ends
 *     at 0. Nobody can list these: only sessions may know of them
 */
public record Ends(Map<Origin, Long> byOrigin, Set<Long> disks) {
  public static final Ends NONE = new Ends(Map.of());

  /** Of an origin that is open. */
  private static final long OPEN = Long.MAX_VALUE;

  /** Sorted by origin, so that equal ones have equal encodings. */
  public Ends {
    byOrigin = Collections.unmodifiableMap(new TreeMap<>(byOrigin));
    disks = Collections.unmodifiableSet(new TreeSet<>(disks));
  }

  /** Ends of single origins. */
  public Ends(Map<Origin, Long> byOrigin) {
    this(byOrigin, Set.of());
  }

  public boolean isEmpty() {
    return byOrigin.isEmpty() && disks.isEmpty();
  }

  public boolean isClosed(Origin origin) {
    return of(origin) != OPEN;
  }

  /** The last sequence of an origin; {@link Long#MAX_VALUE} of one that is open. */
  public long of(Origin origin) {
    Long end = byOrigin.get(origin);
    if (end != null) {
      return end;
    }
    return disks.contains(origin.high()) ? 0 : OPEN;
  }

  /** Whether an update can never come. */
  public boolean isBeyond(Dot dot) {
    return dot.sequence() > of(dot.origin());
  }

  /** Whether some of a vector can never come. */
  public boolean isBeyond(VersionVector vector) {
    return !isEmpty() && !reachable(vector).equals(vector);
  }

  /** A vector without what can never come. */
  public VersionVector reachable(VersionVector vector) {
    if (isEmpty()) {
      return vector;
    }
    VersionVector[] reachable = {vector};
    vector.forEach((origin, last) -> {
      long end = of(origin);
      if (last > end) {
        reachable[0] = reachable[0].with(origin, end);
      }
    });
    return reachable[0];
  }

  /** Whether a vector has reached every end. */
  public boolean areReachedBy(VersionVector vector) {
    for (Map.Entry<Origin, Long> each : byOrigin.entrySet()) {
      if (vector.get(each.getKey()) < each.getValue()) {
        return false;
      }
    }
    return true;
  }

  /** These ends with others in the place of the same origins'. */
  public Ends with(Map<Origin, Long> others) {
    TreeMap<Origin, Long> all = new TreeMap<>(byOrigin);
    all.putAll(others);
    return new Ends(all, disks);
  }

  /** These ends with every other origin that was drawn on these disks ended too. */
  public Ends withDisks(Collection<Long> incarnations) {
    TreeSet<Long> all = new TreeSet<>(disks);
    all.addAll(incarnations);
    return new Ends(byOrigin, all);
  }

  /** Writes the ends of single origins; the disks are known to whoever reads. */
  public void write(BinaryWriter out) {
    out.writeVarint(byOrigin.size());
    byOrigin.forEach((origin, end) -> {
      out.writeOrigin(origin);
      out.writeVarint(end);
    });
  }

  public static Ends read(BinaryReader in) {
    TreeMap<Origin, Long> ends = new TreeMap<>();
    for (int left = in.readCount(Limits.ORIGINS_MAX, "closed origins"); left > 0; left--) {
      if (ends.put(in.readOrigin(), in.readVarint()) != null) {
        throw new InvalidDataException("an origin is closed once");
      }
    }
    return new Ends(ends);
  }
}
