package io.gamut.verify.report;

/**
 * What may be shown of text that came from outside. Keys and values are any bytes: they may be
 * markup, or steer a terminal.
 */
final class Glyphs {
  /** Beyond it there are characters that take two columns, or none. */
  private static final int NARROW_MAX = 0x10ff;

  private static final char UNSHOWN = '?';

  private Glyphs() {}

  /** So many columns at most, all of one column each, on one line. */
  static String narrow(String text, int columnsMax) {
    return cut(text, columnsMax, NARROW_MAX);
  }

  /** At most so many characters, on one line, none of which is invisible or turns the line. */
  static String printable(String text, int charactersMax) {
    return cut(text, charactersMax, Character.MAX_CODE_POINT);
  }

  private static String cut(String text, int most, int greatest) {
    StringBuilder shown = new StringBuilder();
    int count = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (count == most - 1 && i + Character.charCount(point) < text.length()) {
        return shown.append('…').toString();
      }
      if (count++ == most) {
        return shown.toString();
      }
      shown.appendCodePoint(point <= greatest && isShown(point) ? point : UNSHOWN);
      i += Character.charCount(point);
    }
    return shown.toString();
  }

  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          false;
      default -> (point & 0xfffe) != 0xfffe;
    };
  }

  /** Text within markup, or within a quoted attribute of it. */
  static String escaped(String text) {
    return printable(text, Integer.MAX_VALUE)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
