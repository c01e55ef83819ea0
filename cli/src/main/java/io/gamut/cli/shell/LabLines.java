package io.gamut.cli.shell;

import io.gamut.cli.lab.Lab;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.Step;
import io.gamut.cli.script.StepParser;
import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The lab's commands within a shell: on servers of its own, or on those that it is connected with,
 * whose links it breaks over RESP and whose processes are not its own.
 *
 * <p>Two names belong to both languages. {@code put} and {@code get} are the lab's where lab
 * clients are, if they begin with a number and have the lab's number of words; a key that is such a
 * number is quoted.
 */
final class LabLines {
  private final StepParser parser = new StepParser();
  private final Map<String, String> usages = parser.usages();
  private final Lab lab;
  private final boolean isOwn;
  private final Standing standing;

  /**
   * @param isOwn whether the lab starts its servers itself
   */
  LabLines(Lab lab, boolean isOwn, Standing standing) {
    this.lab = lab;
    this.isOwn = isOwn;
    this.standing = standing;
  }

  boolean isOwn() {
    return isOwn;
  }

  /** The commands, and how each is written. */
  Map<String, String> usages() {
    return usages;
  }

  /** Commands that are words behind spaces or stand alone. */
  Set<String> names() {
    return new TreeSet<>(usages.keySet());
  }

  boolean speaks(String line) {
    return parser.speaks(line);
  }

  /** Whether a put or get is meant for a client of the lab. */
  boolean claims(List<Word> words) {
    if (!isOwn && lab.clients().isEmpty()) {
      return false;
    }
    boolean isFit =
        switch (words.getFirst().text()) {
          case "put" -> words.size() == 4 || words.size() == 5;
          case "get" -> words.size() == 3 || words.size() == 4;
          default -> false;
        };
    return isFit && words.get(1).text().matches("\\d{1,9}") && !words.get(1).isQuoted();
  }

  /**
   * Does what a line asks for.
   *
   * @return whether that is to end
   */
  boolean run(String line) throws ScriptException, IOException, InterruptedException {
    Step step = parser.parse(line);
    if (step instanceof Step.Terminate) {
      return true;
    }
    if (step != null) {
      meet();
      lab.run(step);
    }
    return false;
  }

  /** Looks which servers are there: whoever types may want their ids completed. */
  void meet() {
    if (!isOwn) {
      lab.meet(standing.servers());
    }
  }

  /** The servers that are there, by id. */
  SortedMap<Integer, Endpoint> servers() {
    meet();
    return lab.servers();
  }

  /** Ids as far as they are known without asking anybody. */
  List<Integer> knownIds() {
    Set<Integer> ids = new TreeSet<>(lab.servers().keySet());
    ids.addAll(lab.clients());
    return List.copyOf(ids);
  }
}
