package io.gamut.core;

import java.util.HexFormat;

/**
 * The random 128-bit name of a cluster, drawn once by its first server.
 *
 * <p>Two clusters never talk to each other by accident: links, session tokens and data directories
 * carry it, and each refuses the wrong one.
 */
public record ClusterId(long high, long low) {
  private static final int HEX_DIGITS = 32;

  /** Reads what {@link #toString} writes: 32 hexadecimal digits. */
  public static ClusterId parse(String text) {
    if (text.length() != HEX_DIGITS) {
      throw new IllegalArgumentException(
          "a cluster id is " + HEX_DIGITS + " hexadecimal digits, not '" + text + "'");
    }
    return new ClusterId(
        HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
