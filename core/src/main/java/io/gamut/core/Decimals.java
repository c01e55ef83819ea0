package io.gamut.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decimal fractions as values hold them: text such as {@code -3.5} or {@code 5.0e3}. Sums are exact
 * before they are rounded, and the same on every replica, which those of binary fractions are only
 * where all machines round alike.
 */
public final class Decimals {
  /** Places behind the point that are kept: as many as Redis prints. */
  public static final int DIGITS_MAX = 17;

  /** Magnitudes are below ten to this power, about as those of a double are. */
  private static final int EXPONENT_MAX = 309;

  /** Longer text is no number; what {@link #format} writes is never longer. */
  public static final int TEXT_BYTES_MAX = 400;

  private static final Pattern SYNTAX =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

  private Decimals() {}

  /** Reads a number; null where the text is none, is too long, or too great. */
  public static @Nullable BigDecimal parse(byte[] text) {
    String word = new String(text, StandardCharsets.ISO_8859_1);
    if (text.length > TEXT_BYTES_MAX || !SYNTAX.matcher(word).matches()) {
      return null;
    }
    return rounded(new BigDecimal(word));
  }

  /** To {@link #DIGITS_MAX} places; null where it is too great. */
  public static @Nullable BigDecimal rounded(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long exponent = (long) number.precision() - number.scale();
    if (exponent > EXPONENT_MAX) {
      return null;
    }
    // Far below what is kept: not to be written out in zeros first.
    return exponent < -DIGITS_MAX
        ? BigDecimal.ZERO
        : number.setScale(DIGITS_MAX, RoundingMode.HALF_EVEN);
  }

  /** As short as it can be, without an exponent. */
  public static byte[] format(BigDecimal number) {
    String text = number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
