package io.gamut.server.resp;

/**
 * A pattern of Redis, on bytes: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a]}, and a backslash
 * before a byte that stands for itself.
 *
 * <p>A star that does not lead on is taken back only for the last one before it: so a pattern costs
 * at most its length times that of the text, whatever it is.
 */
final class GlobPattern {
  private final byte[] pattern;

  GlobPattern(byte[] pattern) {
    this.pattern = pattern;
  }

  boolean matches(byte[] text) {
    int at = 0;
    int p = 0;
    int starPattern = -1;
    int starText = 0;
    while (at < text.length) {
      if (p < pattern.length && pattern[p] == '*') {
        starPattern = ++p;
        starText = at;
      } else if (p < pattern.length && matchesOne(p, text[at])) {
        p = next(p);
        at++;
      } else if (starPattern >= 0) {
        p = starPattern;
        at = ++starText;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /** Whether the part of the pattern at a place matches a byte. */
  private boolean matchesOne(int place, byte one) {
    return switch (pattern[place]) {
      case '?' -> true;
      case '[' -> matchesClass(place, one);
      case '\\' -> place + 1 < pattern.length ? pattern[place + 1] == one : one == '\\';
      default -> pattern[place] == one;
    };
  }

  /** The place behind the part at a place. */
  private int next(int place) {
    return switch (pattern[place]) {
      case '[' -> classEnd(place);
      case '\\' -> Math.min(place + 2, pattern.length);
      default -> place + 1;
    };
  }

  /** Behind the bracket that closes a class, or at the end of the pattern. */
  private int classEnd(int place) {
    int p = place + 1;
    while (p < pattern.length && pattern[p] != ']') {
      p += pattern[p] == '\\' ? 2 : 1;
    }
    return Math.min(p + 1, pattern.length);
  }

  private boolean matchesClass(int place, byte one) {
    int p = place + 1;
    boolean isNegated = p < pattern.length && pattern[p] == '^';
    p += isNegated ? 1 : 0;
    boolean isIn = false;
    while (p < pattern.length && pattern[p] != ']') {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
      }
      int from = pattern[p] & 0xff;
      int to = from;
      if (p + 2 < pattern.length && pattern[p + 1] == '-' && pattern[p + 2] != ']') {
        to = pattern[p + 2] & 0xff;
        p += 2;
      }
      int byteValue = one & 0xff;
      isIn |= Math.min(from, to) <= byteValue && byteValue <= Math.max(from, to);
      p++;
    }
    return isIn != isNegated;
  }
}
