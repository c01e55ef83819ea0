package io.gamut.cli.script;

import io.gamut.core.Consistency;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds what somebody may have meant: the nearest known name by the number of letters left out, put
 * in, exchanged, or swapped with their neighbour (Damerau, "A technique for computer detection and
 * correction of spelling errors", CACM 1964). Upper and lower case count as equal.
 */
public final class Suggestion {
  private static final int NAME_LENGTH_MAX = 40;

  private Suggestion() {}

  public static String unknownCommand(String name, Collection<String> known) {
    return "unknown command '"
        + ScriptText.shown(name)
        + "'"
        + nearest(name, known).map(meant -> ": did you mean '" + meant + "'?").orElse("");
  }

  public static String unknownLevel(String name) {
    Collection<String> known =
        Arrays.stream(Consistency.values()).map(Consistency::toString).toList();
    return "unknown level '"
        + ScriptText.shown(name)
        + "'"
        + nearest(name, known)
            .map(meant -> ": did you mean '" + meant + "'?")
            .orElse(": a level is one of " + String.join(", ", known));
  }

  /** The nearest name, if it is near at all: at most a third of its letters differ. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    if (name.length() > NAME_LENGTH_MAX) {
      return Optional.empty();
    }
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < least && distance <= Math.max(1, candidate.length() / 3)) {
        best = candidate;
        least = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  static int distance(String from, String to) {
    int[][] costs = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        costs[i][j] = i == 0 || j == 0 ? i + j : cost(from, to, i, j, costs);
      }
    }
    return costs[from.length()][to.length()];
  }

  private static int cost(String from, String to, int i, int j, int[][] costs) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int cost = costs[i - 1][j - 1] + (same ? 0 : 1);
    cost = Math.min(cost, 1 + Math.min(costs[i - 1][j], costs[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(cost, 1 + costs[i - 2][j - 2]) : cost;
  }
}
