package io.gamut.core;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Per closed origin its last sequence, 0 if it has none: its server's disk is gone for good, and no
 * update beyond will ever come. A dependency beyond an end is <em>void</em>; what of it lies before
 * the end still counts. Immutable.
 */
public record Ends(Map<Origin, Long> byOrigin) {
  public static final Ends NONE = new Ends(Map.of());

  /** Sorted by origin, so that equal ones have equal encodings. */
  public Ends {
    byOrigin = Collections.unmodifiableMap(new TreeMap<>(byOrigin));
  }

  public boolean isEmpty() {
    return byOrigin.isEmpty();
  }

  public boolean isClosed(Origin origin) {
    return byOrigin.containsKey(origin);
  }

  /** Whether an update can never come. */
  public boolean isBeyond(Dot dot) {
    Long end = byOrigin.get(dot.origin());
    return end != null && dot.sequence() > end;
  }

  /** Whether some of a vector can never come. */
  public boolean isBeyond(VersionVector vector) {
    for (Map.Entry<Origin, Long> each : byOrigin.entrySet()) {
      if (vector.get(each.getKey()) > each.getValue()) {
        return true;
      }
    }
    return false;
  }

  /** A vector without what can never come. */
  public VersionVector reachable(VersionVector vector) {
    VersionVector reachable = vector;
    for (Map.Entry<Origin, Long> each : byOrigin.entrySet()) {
      if (reachable.get(each.getKey()) > each.getValue()) {
        reachable = reachable.with(each.getKey(), each.getValue());
      }
    }
    return reachable;
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
    return new Ends(all);
  }

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
