package io.gamut.verify.edn;

import io.gamut.verify.file.MalformedHistoryException;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of EDN one after the other, of a file that is a row of them, or one vector or list
 * of them. Tags are dropped: {@code #jepsen.history.Op{...}} is a map like any other.
 */
final class EdnReader {
  private static final int DEPTH_MAX = 100;
  private static final int WORD_CHARS_MAX = 16 << 20;
  private static final int END = -1;

  private final PushbackReader in;
  private long line = 1;
  private long valueLine = 1;
  private boolean hasBegun;
  private boolean isWithin;

  EdnReader(Reader in) {
    this.in = new PushbackReader(in, 2);
  }

  /** Where the value began that was read last. */
  long line() {
    return valueLine;
  }

  /** The next one; null at the end. */
  @Nullable Edn next() throws IOException {
    int first = skipBlank();
    if (!hasBegun && (first == '[' || first == '(')) {
      isWithin = true;
      take();
      first = skipBlank();
    }
    hasBegun = true;
    if (isWithin && (first == ']' || first == ')')) {
      take();
      isWithin = false;
      first = skipBlank();
      if (first != END) {
        throw fault("something stands behind the end of the history");
      }
    }
    if (first == END && isWithin) {
      throw fault("the history ends without its closing bracket");
    }
    valueLine = line;
    return first == END ? null : read(0);
  }

  MalformedHistoryException fault(String what) {
    return new MalformedHistoryException(line, what);
  }

  private Edn read(int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw fault("it is nested more than " + DEPTH_MAX + " deep");
    }
    int first = skipBlank();
    return switch (first) {
      case END -> throw fault("it ends within a value");
      case '{' -> {
        take();
        yield mapping(depth);
      }
      case '[' -> {
        take();
        yield new Edn.Sequence(elements(']', depth));
      }
      case '(' -> {
        take();
        yield new Edn.Sequence(elements(')', depth));
      }
      case ']', ')', '}' -> throw fault("'" + (char) first + "' closes nothing");
      case '"' -> {
        take();
        yield text();
      }
      case '#' -> {
        take();
        yield tagged(depth);
      }
      case '\\' -> character();
      default -> word(token());
    };
  }

  /** Behind a number sign; what is discarded was skipped with the blanks. */
  private Edn tagged(int depth) throws IOException {
    int next = peek();
    if (next == '{') {
      take();
      return new Edn.SetOf(elements('}', depth));
    }
    if (next == '#') {
      take();
      return new Edn.Other("##" + token());
    }
    if (token().isEmpty()) {
      throw fault("a tag has no name");
    }
    return read(depth + 1);
  }

  private List<Edn> elements(char close, int depth) throws IOException {
    List<Edn> elements = new ArrayList<>();
    while (skipBlank() != close) {
      elements.add(read(depth + 1));
    }
    take();
    return elements;
  }

  private Edn mapping(int depth) throws IOException {
    List<Edn> flat = elements('}', depth);
    if (flat.size() % 2 != 0) {
      throw fault("a map has a key without a value");
    }
    Map<Edn, Edn> entries = new LinkedHashMap<>();
    for (int i = 0; i < flat.size(); i += 2) {
      entries.put(flat.get(i), flat.get(i + 1));
    }
    return new Edn.Mapping(entries);
  }

  private Edn text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int each = take(); each != '"'; each = take()) {
      if (each == END || text.length() > WORD_CHARS_MAX) {
        throw fault("a string does not end");
      }
      text.append(each == '\\' ? escaped() : (char) each);
    }
    return new Edn.Text(text.toString());
  }

  private char escaped() throws IOException {
    int each = take();
    return switch (each) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\' -> (char) each;
      case 'u' -> {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < 4; i++) {
          digits.append((char) take());
        }
        try {
          yield (char) Integer.parseInt(digits.toString(), 16);
        } catch (NumberFormatException e) {
          throw fault("\\u" + digits + " is no character");
        }
      }
      default -> throw fault("\\" + (char) each + " is no character");
    };
  }

  private Edn character() throws IOException {
    StringBuilder word = new StringBuilder().append((char) take());
    word.append((char) take()).append(token());
    return new Edn.Other(word.toString());
  }

  private Edn word(String token) throws IOException {
    if (token.isEmpty()) {
      throw fault("'" + (char) take() + "' begins no value");
    }
    if (token.equals("nil")) {
      return Edn.NIL;
    }
    if (token.charAt(0) == ':') {
      return new Edn.Keyword(token.substring(1));
    }
    try {
      return new Edn.Whole(Long.parseLong(token));
    } catch (NumberFormatException _) {
      return new Edn.Other(token);
    }
  }

  private String token() throws IOException {
    StringBuilder token = new StringBuilder();
    while (!isDelimiter(peek())) {
      token.append((char) take());
      if (token.length() > WORD_CHARS_MAX) {
        throw fault("a word does not end");
      }
    }
    return token.toString();
  }

  private static boolean isDelimiter(int each) {
    return each == END || isBlank(each) || "()[]{}\";".indexOf(each) >= 0;
  }

  private static boolean isBlank(int each) {
    return each == ',' || Character.isWhitespace(each);
  }

  // Characters

  /** Goes over blanks, comments and what is discarded; what stands behind is still to be taken. */
  private int skipBlank() throws IOException {
    while (true) {
      int each = take();
      if (each == ';') {
        while (each != '\n' && each != END) {
          each = take();
        }
      } else if (each == '#' && peek() == '_') {
        take();
        var _ = read(1);
      } else if (!isBlank(each)) {
        untake(each);
        return each;
      }
    }
  }

  private int take() throws IOException {
    int each = in.read();
    line += each == '\n' ? 1 : 0;
    return each;
  }

  private int peek() throws IOException {
    int each = take();
    untake(each);
    return each;
  }

  private void untake(int each) throws IOException {
    if (each != END) {
      line -= each == '\n' ? 1 : 0;
      in.unread(each);
    }
  }
}
