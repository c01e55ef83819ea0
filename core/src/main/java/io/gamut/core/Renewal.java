package io.gamut.core;

/**
 * Whether a value should be made anew, and whether somebody does: memcached's stale items, and the
 * win that is sent to one client (leases, in Nishtala et al., "Scaling Memcache at Facebook", NSDI
 * 2013, section 3.2.1). The other protocols show a value regardless of it.
 */
public enum Renewal {
  /** It is as good as any. */
  NONE(0),
  /** It is stale. */
  STALE(1),
  /** One client is to make it anew. */
  CLAIMED(2),
  /** It is stale, and one client is to make it anew. */
  STALE_AND_CLAIMED(3);

  private final int code;

  Renewal(int code) {
    this.code = code;
  }

  /** How encodings name it. */
  public int code() {
    return code;
  }

  /** Reads {@link #code}. Throws {@link InvalidDataException} if it is none. */
  public static Renewal of(long code) {
    for (Renewal renewal : values()) {
      if (renewal.code == code) {
        return renewal;
      }
    }
    throw new InvalidDataException("renewal " + code + " is not known here");
  }

  public boolean isStale() {
    return this == STALE || this == STALE_AND_CLAIMED;
  }

  public boolean isClaimed() {
    return this == CLAIMED || this == STALE_AND_CLAIMED;
  }

  /** The same, with a client that is to make it anew. */
  public Renewal claimed() {
    return isStale() ? STALE_AND_CLAIMED : CLAIMED;
  }

  /** The same, but stale. */
  public Renewal stale() {
    return isClaimed() ? STALE_AND_CLAIMED : STALE;
  }
}
