package io.gamut.core;

import java.util.HexFormat;

/**
 * Who numbers a row of weak updates: a random 128-bit number, not a server's name. Its first half
 * is that of the disk it was drawn on ({@link #isOf}); the second half is drawn anew each time.
 *
 * <p>A server draws a new one for an empty disk, after an unclean start when durability is weaker
 * than fsync, and whenever a peer knows a higher sequence of it than it does itself (a disk set
 * back to an old copy). So a {@link Dot} never names two updates.
 */
public record Origin(long high, long low) implements Comparable<Origin> {
  /**
   * Whether this origin was drawn on a disk of this incarnation. So when a disk is gone for good,
   * it is known of each update whether it was written there.
   */
  public boolean isOf(long incarnation) {
    return high == incarnation;
  }

  @Override
  public int compareTo(Origin other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /**
   * Eight hexadecimal digits of both halves: enough to tell origins apart in a log, never to parse.
   */
  public String brief() {
    return HexFormat.of().toHexDigits(high ^ Long.rotateLeft(low, 32)).substring(0, 8);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
