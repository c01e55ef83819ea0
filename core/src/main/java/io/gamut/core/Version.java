package io.gamut.core;

/**
 * When and where a write was stamped. The greater version wins a key, everywhere the same; equal
 * versions are the same write.
 *
 * <p>A write is stamped once, where it enters the cluster. A retry carries the stamp on, so the
 * retried write may have two {@link Dot}s but never two versions, and cannot overtake a later write
 * of somebody else.
 *
 * @param timestamp of a {@link HybridClock}
 * @param stamper who stamped it, as tie-break
 */
public record Version(long timestamp, Origin stamper) implements Comparable<Version> {
  /** Stamps what the ledger itself has to put behind the last write of a key. */
  public static final Origin LEDGER = new Origin(0, 0);

  /** Before every write. */
  public static final Version NONE = new Version(0, LEDGER);

  private static final Origin LAST = new Origin(-1, -1);

  /** The last version that has a timestamp. */
  public static Version lastAt(long timestamp) {
    return new Version(timestamp, LAST);
  }

  @Override
  public int compareTo(Version other) {
    int byTime = Long.compareUnsigned(timestamp, other.timestamp);
    return byTime != 0 ? byTime : stamper.compareTo(other.stamper);
  }

  public boolean isAfter(Version other) {
    return compareTo(other) > 0;
  }

  @Override
  public String toString() {
    return HybridClock.millis(timestamp)
        + "."
        + HybridClock.counter(timestamp)
        + "@"
        + stamper.brief();
  }
}
