package io.gamut.protocol.resp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of an inline command, as Redis splits them: at spaces, but for those between quotes.
 * Between double quotes a backslash begins {@code \n}, {@code \r}, {@code \t}, {@code \b}, {@code
 * \a} or {@code \xHH}, or stands before what is taken as it is; between single quotes only {@code
 * \'} is special.
 */
final class InlineWords {
  private final String line;
  private int at;

  private InlineWords(String line) {
    this.line = line;
  }

  /**
   * Splits a line.
   *
   * @param line one char a byte
   */
  static List<byte[]> of(String line) throws RespProtocolException {
    return new InlineWords(line).split();
  }

  private List<byte[]> split() throws RespProtocolException {
    List<byte[]> words = new ArrayList<>();
    while (true) {
      while (at < line.length() && isSpace(line.charAt(at))) {
        at++;
      }
      if (at == line.length()) {
        return words;
      }
      words.add(word());
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private byte[] word() throws RespProtocolException {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (at < line.length() && !isSpace(line.charAt(at))) {
      char c = line.charAt(at++);
      if (c == '"' || c == '\'') {
        quoted(c, word);
        if (at < line.length() && !isSpace(line.charAt(at))) {
          throw unbalanced();
        }
      } else {
        word.write(c);
      }
    }
    return word.toByteArray();
  }

  private void quoted(char quote, ByteArrayOutputStream word) throws RespProtocolException {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return;
      }
      if (c == '\\' && at < line.length() && (quote == '"' || line.charAt(at) == '\'')) {
        word.write(quote == '"' ? escaped() : line.charAt(at++));
      } else {
        word.write(c);
      }
    }
    throw unbalanced();
  }

  /** What follows a backslash between double quotes. */
  private int escaped() {
    char c = line.charAt(at++);
    boolean isHex = c == 'x' && at + 2 <= line.length() && hex(at) >= 0 && hex(at + 1) >= 0;
    if (isHex) {
      at += 2;
      return hex(at - 2) << 4 | hex(at - 1);
    }
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> c;
    };
  }

  private int hex(int place) {
    return Character.digit(line.charAt(place), 16);
  }

  private static RespProtocolException unbalanced() {
    return new RespProtocolException("unbalanced quotes in request");
  }
}
