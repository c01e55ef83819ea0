package io.gamut.core;

import java.util.HexFormat;

/**
 * Who numbers a row of weak updates: a random 128-bit number, not a server's name.
 *
 * <p>A server draws a new one for an empty disk, after an unclean start when durability is weaker
 * than fsync, and whenever a peer knows a higher sequence of it than it does itself (a disk set
 * back to an old copy). So a {@link Dot} never names two updates.
 */
public record Origin(long high, long low) implements Comparable<Origin> {
  @Override
  public int compareTo(Origin other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** The first eight hexadecimal digits: enough to tell origins apart in a log, never to parse. */
  public String brief() {
    return HexFormat.of().toHexDigits(high).substring(0, 8);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
