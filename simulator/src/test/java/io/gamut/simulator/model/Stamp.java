package io.gamut.simulator.model;

/**
 * A version as an int: a small timestamp and, as tie-break, who stamped it. Replica {@code r}
 * stamps as {@code r + 1}, the ledger as 0.
 *
 * <p>The versions of both keys fit into one int, {@code perKey}.
 */
final class Stamp {
  static final int KEYS = 2;
  private static final int STAMPERS = 4;
  private static final int BITS = 8;
  private static final int MASK = (1 << BITS) - 1;
  private static final int TIME_MAX = (1 << BITS) / STAMPERS - 1;

  private Stamp() {}

  static int of(int time, int replica) {
    return check(time) * STAMPERS + replica + 1;
  }

  /** The least version that is after this one and that no replica stamps. */
  static int next(int version) {
    return check(time(version) + 1) * STAMPERS;
  }

  /** The least version of the same stamper that is after {@code version}. */
  static int next(int version, int stamp) {
    return check(time(version) + 1) * STAMPERS + stamp % STAMPERS;
  }

  /** The last version of this timestamp. */
  static int last(int time) {
    return check(time) * STAMPERS + STAMPERS - 1;
  }

  static int time(int version) {
    return version / STAMPERS;
  }

  private static int check(int time) {
    if (time > TIME_MAX) {
      throw new IllegalArgumentException("too large a scope: timestamp " + time);
    }
    return time;
  }

  static int get(int perKey, int key) {
    return (perKey >>> (BITS * key)) & MASK;
  }

  static int raised(int perKey, int key, int version) {
    int shift = BITS * key;
    return version > get(perKey, key) ? (perKey & ~(MASK << shift)) | (version << shift) : perKey;
  }

  static int join(int perKey, int other) {
    int joined = perKey;
    for (int k = 0; k < KEYS; k++) {
      joined = raised(joined, k, get(other, k));
    }
    return joined;
  }

  static String text(int version) {
    int stamper = version % STAMPERS;
    return time(version) + "@" + (stamper == 0 ? "ledger" : String.valueOf(stamper - 1));
  }
}
