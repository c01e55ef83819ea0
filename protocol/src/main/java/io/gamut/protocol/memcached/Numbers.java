package io.gamut.protocol.memcached;

import java.util.OptionalLong;

/** Numbers as they stand in lines: digits, and where a number may be negative a minus. */
final class Numbers {
  private static final int DIGITS_MAX = 20;
  private static final long FLAGS_MAX = 0xFFFF_FFFFL;

  private Numbers() {}

  static OptionalLong signed(String word) {
    boolean isNegative = word.startsWith("-");
    if (!isDigits(word, isNegative ? 1 : 0)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(word));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /** Of 64 bits. */
  static OptionalLong unsigned(String word) {
    if (!isDigits(word, 0)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(word));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /** Of 32 bits. */
  static OptionalLong flags(String word) {
    OptionalLong number = unsigned(word);
    boolean isTooLarge =
        number.isPresent() && Long.compareUnsigned(number.getAsLong(), FLAGS_MAX) > 0;
    return isTooLarge ? OptionalLong.empty() : number;
  }

  private static boolean isDigits(String word, int from) {
    if (word.length() == from || word.length() > from + DIGITS_MAX) {
      return false;
    }
    for (int i = from; i < word.length(); i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
