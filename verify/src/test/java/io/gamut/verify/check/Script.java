package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Histories as text. Each begins with a line {@code good: title} or {@code bad: title} and has a
 * line for each request:
 *
 * <pre>A 10-20 causal w x 1 #5, r y - ?</pre>
 *
 * <p>That is session A, from 10 to 20, the level (linearizable if there is none; {@code bounded:N}
 * with its bound, {@code causal>session} if the answer says that it was had at another), and the
 * steps: {@code w} write, {@code r} read ({@code -} is absent), {@code d} delete, {@code +} add one
 * (and the sum), {@code a} append, {@code c} compare-and-set (from, to), {@code m} its mismatch;
 * {@code #5} is the version, {@code *N} the life of a write. A {@code ?} at the end says that the
 * outcome is unknown, a {@code !} that it failed. {@code shown 0 x 1 #5} is what replica 0 shows in
 * the end, {@code shown 0} alone that somebody looked. What is behind {@code //} is for people.
 */
final class Script {
  private Script() {}

  /** A history, and whether it should be accepted. */
  record Case(String title, boolean isGood, History history) {
    @Override
    public String toString() {
      return (isGood ? "good: " : "bad: ") + title;
    }
  }

  /** All histories of a file beside this class. */
  static List<Case> read(String name) throws IOException {
    String text;
    try (InputStream file = Script.class.getResourceAsStream("/histories/" + name + ".txt")) {
      text = new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Case> cases = new ArrayList<>();
    String title = "";
    List<Request> requests = new ArrayList<>();
    Map<Integer, Map<String, Shown>> ends = new TreeMap<>();
    for (String line : (text + "\nend: ").lines().toList()) {
      String said = line.replaceFirst("//.*", "").strip();
      if (said.startsWith("good: ") || said.startsWith("bad: ") || said.startsWith("end:")) {
        if (!title.isEmpty()) {
          boolean isGood = title.startsWith("good: ");
          History history = new History(requests, List.of(), ends);
          cases.add(new Case(title.substring(title.indexOf(' ') + 1), isGood, history));
        }
        title = said;
        requests.clear();
        ends = new TreeMap<>();
      } else if (said.startsWith("shown ")) {
        show(said, ends);
      } else if (!said.isEmpty()) {
        requests.add(request(requests.size(), said));
      }
    }
    return cases;
  }

  private static void show(String line, Map<Integer, Map<String, Shown>> ends) {
    List<String> words = List.of(line.split(" +", -1));
    Map<String, Shown> pairs =
        ends.computeIfAbsent(Integer.valueOf(words.get(1)), _ -> new TreeMap<>());
    if (words.size() > 2) {
      boolean hasVersion = words.getLast().startsWith("#");
      Version version =
          hasVersion ? Histories.version(Long.parseLong(words.getLast().substring(1))) : null;
      pairs.put(words.get(2), new Shown(value(words.get(3)), version));
    }
  }

  private static Request request(int number, String line) {
    Outcome outcome = Outcome.OK;
    String said = line;
    if (line.endsWith("?") || line.endsWith("!")) {
      outcome = line.endsWith("?") ? Outcome.UNKNOWN : Outcome.FAILED;
      said = line.substring(0, line.length() - 1).strip();
    }
    List<String> words = new ArrayList<>(Arrays.asList(said.split(" +", -1)));
    int session = words.removeFirst().charAt(0) - 'A';
    String[] span = words.removeFirst().split("-", -1);
    String[] levels = words.getFirst().split(">", -1);
    String[] level = levels[0].split(":", -1);
    Consistency consistency = Consistency.parse(level[0]).orElse(null);
    if (consistency != null) {
      words.removeFirst();
    }
    long bound = level.length > 1 && consistency != null ? Long.parseLong(level[1]) : 0;
    consistency = consistency == null ? Consistency.LINEARIZABLE : consistency;
    Consistency achieved = consistency;
    if (levels.length > 1) {
      achieved = Consistency.parse(levels[1]).orElseThrow();
    }
    boolean isTold = bound != 0 || levels.length > 1;
    List<Step> steps = new ArrayList<>();
    for (String step : String.join(" ", words).split(", ", -1)) {
      steps.add(step(step));
    }
    return new Request(
        number,
        session,
        consistency,
        bound,
        steps,
        outcome,
        Long.parseLong(span[0]),
        Long.parseLong(span[1]),
        isTold
            ? new Receipt(
                achieved, Receipt.REPLICA_UNKNOWN, bound == 0 ? Receipt.AGE_UNKNOWN : bound)
            : null);
  }

  private static Step step(String text) {
    List<String> words = new ArrayList<>(Arrays.asList(text.strip().split(" ", -1)));
    Version version = null;
    long life = 0;
    if (words.getLast().startsWith("#")) {
      version = Histories.version(Long.parseLong(words.removeLast().substring(1)));
    }
    if (words.getLast().startsWith("*")) {
      life = Long.parseLong(words.removeLast().substring(1));
    }
    String length = null;
    if (words.getLast().startsWith("=")) {
      length = words.removeLast().substring(1);
    }
    String key = words.get(1);
    String first = words.size() > 2 ? value(words.get(2)) : null;
    String second = words.size() > 3 ? value(words.get(3)) : null;
    return switch (words.getFirst()) {
      case "w" -> new Step(Kind.WRITE, key, first, null, version, life);
      case "r" -> Step.of(Kind.READ, key, first, version);
      case "d" -> Step.of(Kind.DELETE, key, null, version);
      case "+" -> new Step(Kind.ADD, key, first, "1", version, 0);
      case "a" -> new Step(Kind.APPEND, key, length, first, version, 0);
      case "c" -> new Step(Kind.COMPARE_AND_SET, key, second, first, version, 0);
      case "m" -> new Step(Kind.MISMATCH, key, null, first, version, 0);
      default -> throw new IllegalArgumentException("no step: " + text);
    };
  }

  private static @Nullable String value(String word) {
    return word.equals("-") ? null : word;
  }
}
