package io.gamut.cli.script;

import io.gamut.core.Consistency;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a line means, in whichever of three dialects it is written: words behind spaces
 * ({@code put 5 k v}), words behind colons ({@code killServer:0}), or numbers behind commas ({@code
 * 3, 1, k ::: v}).
 *
 * <p>A {@code #} begins a comment at the start of a line, and at the start of a word once the
 * command has all the arguments that it must have: so {@code joinServer 0 # first} holds a comment,
 * and {@code put 5 colour #ff0000} does not.
 *
 * <p>Keeps nothing between lines; for any number of threads.
 */
public final class StepParser {
  private static final String VALUE_MARK = ":::";
  private static final Consistency[] NUMBERED = {
    Consistency.LINEARIZABLE, Consistency.SEQUENTIAL, Consistency.CAUSAL, Consistency.EVENTUAL
  };

  private final Map<String, Form> words = Dialects.words();
  private final Map<String, Form> colons = Dialects.colons();
  private final Set<String> names = new LinkedHashSet<>(words.keySet());

  public StepParser() {
    names.addAll(colons.keySet());
  }

  /** The commands, and how the arguments of each are written. */
  public Map<String, String> usages() {
    Map<String, String> usages = new TreeMap<>();
    colons.forEach((name, form) -> usages.put(name, written(name, form, ':')));
    words.forEach((name, form) ->
        usages.merge(name, written(name, form, ' '), (other, own) -> own + ", or " + other));
    return usages;
  }

  private static String written(String name, Form form, char separator) {
    return form.usage().isEmpty() ? name : name + separator + form.usage();
  }

  /** Whether a line is one of these dialects, be it right or wrong. */
  public boolean speaks(String line) {
    String text = line.strip();
    if (text.isEmpty()) {
      return false;
    }
    String word = text.substring(0, wordEnd(text, 0));
    return Character.isDigit(text.charAt(0))
        || words.containsKey(word)
        || colons.containsKey(word.split(":", 2)[0]);
  }

  /** The step that a line asks for; null when it is blank or holds a comment only. */
  public @Nullable Step parse(String line) throws ScriptException {
    int start = skipBlanks(line, 0);
    if (start == line.length() || line.charAt(start) == '#') {
      return null;
    }
    if (line.charAt(start) >= '0' && line.charAt(start) <= '9') {
      return request(line.substring(start).stripTrailing());
    }
    int end = wordEnd(line, start);
    String name = line.substring(start, end);
    Form form = words.get(name);
    if (form != null) {
      return form.make(name, new Words(arguments(line, end, form.least())), ' ');
    }
    return colonStep(line.substring(start).stripTrailing());
  }

  private static List<String> arguments(String line, int from, int least) {
    List<String> arguments = new ArrayList<>(4);
    int start = skipBlanks(line, from);
    while (start < line.length()) {
      if (line.charAt(start) == '#' && arguments.size() >= least) {
        break;
      }
      int end = wordEnd(line, start);
      arguments.add(line.substring(start, end));
      start = skipBlanks(line, end);
    }
    return arguments;
  }

  private static int skipBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int wordEnd(String line, int from) {
    int at = from;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private Step colonStep(String text) throws ScriptException {
    int comment = text.indexOf(" #");
    String line = comment < 0 ? text : text.substring(0, comment).stripTrailing();
    List<String> parts = List.of(line.split(":", -1));
    String name = parts.getFirst();
    Form form = colons.get(name);
    if (form == null) {
      String word = name.substring(0, wordEnd(name, 0));
      throw new ScriptException(Suggestion.unknownCommand(word, names));
    }
    return form.make(name, new Words(parts.subList(1, parts.size())), ':');
  }

  /** {@code CONSISTENCY, REQUEST, DATA}. */
  private static Step request(String line) throws ScriptException {
    String[] parts = line.split(",", 3);
    if (parts.length < 3) {
      throw new ScriptException(
          "a line that begins with a digit is CONSISTENCY, REQUEST, DATA: not '"
              + ScriptText.shown(line)
              + "'");
    }
    int level =
        digit(parts[0], NUMBERED.length, "1 linearizable, 2 sequential, 3 causal, 4 eventual");
    int type = digit(parts[1], 2, "1 set, 2 get");
    return data(NUMBERED[level - 1], type == 1, parts[2].strip());
  }

  private static int digit(String part, int most, String meanings) throws ScriptException {
    String digits = part.strip();
    if (digits.length() == 1 && digits.charAt(0) >= '1' && digits.charAt(0) <= '0' + most) {
      return digits.charAt(0) - '0';
    }
    throw new ScriptException("'" + ScriptText.shown(digits) + "' is none of " + meanings);
  }

  private static Step data(Consistency level, boolean set, String data) throws ScriptException {
    int mark = set ? data.indexOf(VALUE_MARK) : data.length();
    if (mark < 0) {
      throw new ScriptException("the data of a set is: KEY " + VALUE_MARK + " VALUE");
    }
    String key = data.substring(0, mark).strip();
    if (key.isEmpty()) {
      throw new ScriptException("a request needs a key");
    }
    List<String> both =
        set ? List.of(key, data.substring(mark + VALUE_MARK.length()).strip()) : List.of(key);
    Words words = new Words(both);
    return new Step.Request(level, words.key(0), set ? words.value(1) : null);
  }
}
