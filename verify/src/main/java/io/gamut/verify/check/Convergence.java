package io.gamut.verify.check;

import io.gamut.verify.history.History;
import io.gamut.verify.history.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Convergence: once nobody writes any more, all replicas show the same. Of O(k r) steps. */
public final class Convergence {
  static final String PROMISE = "convergence";

  static final String NOBODY_LOOKED = "the history does not say what the replicas show in the end";

  private Convergence() {}

  /** The same where nobody knows how many replicas there are. */
  public static Verdict check(History history) {
    return check(history, 0);
  }

  /**
   * Whether all replicas show the same in the end.
   *
   * @param least how many of them there are at least; 0 if that is not known
   */
  public static Verdict check(History history, int least) {
    Map<Integer, Map<String, Shown>> replicas = history.ends();
    if (replicas.isEmpty()) {
      return new Verdict.Unknown(NOBODY_LOOKED);
    }
    List<Violation> violations = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>();
    replicas.values().forEach(shown -> keys.addAll(shown.keySet()));
    for (String key : keys) {
      requireEqual(key, replicas, violations);
    }
    return ofAll(history, least, violations);
  }

  /** What nobody has looked at may be anything. */
  static Verdict ofAll(History history, int least, List<Violation> violations) {
    int looked = history.ends().size();
    return violations.isEmpty() && looked < least
        ? new Verdict.Unknown(
            "what %d of %d replicas show in the end is missing".formatted(least - looked, least))
        : Verdict.of(violations);
  }

  /** How many keys it weighs. */
  static long judged(History history) {
    return history.ends().values().stream()
        .flatMap(shown -> shown.keySet().stream())
        .distinct()
        .count();
  }

  private static void requireEqual(
      String key, Map<Integer, Map<String, Shown>> replicas, List<Violation> violations) {
    TreeMap<Integer, Shown> shown = new TreeMap<>();
    replicas.forEach((id, pairs) -> shown.put(id, pairs.getOrDefault(key, Shown.NOTHING)));
    Shown first = shown.firstEntry().getValue();
    if (!shown.values().stream().allMatch(first::equals)) {
      violations.add(
          new Violation(
              PROMISE, "replicas show different things at " + key + ": " + shown, List.of()));
    }
  }
}
