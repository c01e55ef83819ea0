package io.gamut.cli.shell;

import io.gamut.cli.script.ScriptException;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells JLine where words begin and end, for completion alone: the shell reads lines itself. */
final class LineSyntax implements Parser {
  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    String before = line.substring(0, Math.min(cursor, line.length()));
    List<String> words = new ArrayList<>();
    int begin = 0;
    char quote = 0;
    for (int i = 0; i < before.length(); i++) {
      char c = before.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (Word.isBlank(c)) {
        if (i > begin) {
          words.add(before.substring(begin, i));
        }
        begin = i + 1;
      }
    }
    words.add(before.substring(begin));
    return new Words(line, cursor, List.copyOf(words));
  }

  /**
   * The words up to the cursor; the last, which may be empty, is the one being typed. Words are as
   * they are typed, and so are the candidates: there is nothing to quote.
   */
  record Words(String line, int cursor, List<String> words) implements CompletingParsedLine {
    @Override
    public String word() {
      return words.getLast();
    }

    @Override
    public int wordCursor() {
      return word().length();
    }

    @Override
    public int wordIndex() {
      return words.size() - 1;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return word().length();
    }
  }

  /** What a word that is still being typed means so far: a quote may be open. */
  static String meant(String typed) {
    for (String end : List.of("", "\"", "'")) {
      try {
        List<Word> words = Word.of(typed + end);
        return words.isEmpty() ? "" : words.getFirst().text();
      } catch (ScriptException _) {
        // The quote is of the other kind.
      }
    }
    return typed;
  }
}
