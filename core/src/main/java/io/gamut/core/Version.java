package io.gamut.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern EXACT =
      Pattern.compile("(\\d{1,15})\\.(\\d{1,5})@([0-9a-f]{16})([0-9a-f]{16})");

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

  /**
   * 63 bits that stand for it where a protocol has no room for all of it (memcached's cas unique),
   * as good as a random number: greater than 0, but for chance different for each version. A sign
   * would be in the way of client libraries that keep the number in a signed {@code long}.
   */
  public long tag() {
    long mixed = mix(mix(mix(timestamp) ^ stamper.high()) ^ stamper.low()) >>> 1;
    return mixed == 0 ? 1 : mixed;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, section 5): a bijection. */
  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** A text that {@link #parse} reads; {@link #toString} shortens the stamper for people. */
  public String exact() {
    return time() + "@" + stamper;
  }

  /** Reads {@link #exact}. Throws {@link InvalidDataException} if it is something else. */
  public static Version parse(String text) {
    Matcher parts = EXACT.matcher(text);
    if (parts.matches()) {
      long millis = Long.parseLong(parts.group(1));
      long counter = Long.parseLong(parts.group(2));
      long high = Long.parseUnsignedLong(parts.group(3), 16);
      long low = Long.parseUnsignedLong(parts.group(4), 16);
      Version version =
          new Version(HybridClock.fromMillis(millis) + counter, new Origin(high, low));
      // Numbers that are too great, or begin with a zero, are not how it writes them.
      if (version.exact().equals(text)) {
        return version;
      }
    }
    throw new InvalidDataException("'" + text + "' is no version");
  }

  private String time() {
    return HybridClock.millis(timestamp) + "." + HybridClock.counter(timestamp);
  }

  @Override
  public String toString() {
    return time() + "@" + stamper.brief();
  }
}
