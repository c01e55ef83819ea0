package io.gamut.cli.shell;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A word of a line, quoted as {@code redis-cli} has it: between double quotes {@code \n \r \t \b
 * \a}, {@code \xff} for any byte, and a backslash before anything else for itself; between single
 * quotes everything is itself, but {@code \'}.
 *
 * <p>Text is {@link ScriptText}: a char is a byte, so any key and value can be written.
 *
 * @param isQuoted whether any part was: then it is never an option's name or a level
 * @param begin where it begins in the line
 * @param end where the line goes on behind it
 */
record Word(String text, boolean isQuoted, int begin, int end) {
  /** The words of a line. */
  static List<Word> of(String line) throws ScriptException {
    List<Word> words = new ArrayList<>();
    int at = skipBlanks(line, 0);
    while (at < line.length()) {
      Reader reader = new Reader(line, at);
      Word word = reader.read();
      words.add(word);
      at = skipBlanks(line, word.end);
    }
    return words;
  }

  private static int skipBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
    return at;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Bytes as a word that means them: as they are where that is possible, else quoted. */
  static String quoted(byte[] bytes, boolean always) {
    StringBuilder quoted = new StringBuilder("\"");
    boolean isPlain = bytes.length > 0 && bytes[0] != '-' && bytes[0] != '@' && bytes[0] != '#';
    for (byte each : bytes) {
      char c = (char) (each & 0xff);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c >= ' ' && c < 127) {
            quoted.append(c);
          } else {
            quoted.append("\\x").append(HexFormat.of().toHexDigits(each));
          }
        }
      }
      isPlain &= c > ' ' && c < 127 && c != '"' && c != '\\' && c != '\'';
    }
    return isPlain && !always ? ScriptText.of(bytes) : quoted.append('"').toString();
  }

  /** Reads one word. */
  private static final class Reader {
    private final String line;
    private final int begin;
    private final StringBuilder text = new StringBuilder();
    private int at;
    private boolean quoted;

    Reader(String line, int begin) {
      this.line = line;
      this.begin = begin;
      this.at = begin;
    }

    Word read() throws ScriptException {
      while (at < line.length() && !isBlank(line.charAt(at))) {
        char c = line.charAt(at++);
        if (c == '"' || c == '\'') {
          quoted = true;
          readQuoted(c);
        } else {
          text.append(c);
        }
      }
      return new Word(text.toString(), quoted, begin, at);
    }

    private void readQuoted(char quote) throws ScriptException {
      while (at < line.length()) {
        char c = line.charAt(at++);
        if (c == quote) {
          return;
        }
        text.append(c == '\\' && at < line.length() ? escaped(quote) : c);
      }
      throw new ScriptException("a quote is not closed: " + quote + " has no partner");
    }

    private char escaped(char quote) throws ScriptException {
      char c = line.charAt(at);
      if (quote == '\'') {
        at += c == quote ? 1 : 0;
        return c == quote ? c : '\\';
      }
      at++;
      return switch (c) {
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'b' -> '\b';
        case 'a' -> 7;
        case 'x' -> hexadecimal();
        default -> c;
      };
    }

    private char hexadecimal() throws ScriptException {
      if (at + 2 <= line.length()
          && HexFormat.isHexDigit(line.charAt(at))
          && HexFormat.isHexDigit(line.charAt(at + 1))) {
        at += 2;
        return (char) HexFormat.fromHexDigits(line, at - 2, at);
      }
      throw new ScriptException("behind \\x stand two hexadecimal digits, as in \\xff");
    }
  }
}
