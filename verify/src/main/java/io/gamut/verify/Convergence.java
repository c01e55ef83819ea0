package io.gamut.verify;

import io.gamut.core.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Convergence: once nobody writes any more, all replicas show the same, and nothing is lost. */
public final class Convergence {
  private static final String PROMISE = "convergence";

  private Convergence() {}

  /**
   * What a replica shows at a key in the end.
   *
   * @param value null for absent
   * @param version null if the key was never written
   */
  public record Shown(@Nullable String value, @Nullable Version version) {
    static final Shown NOTHING = new Shown(null, null);
  }

  /**
   * Judges the end of a history.
   *
   * @param replicas what each of them shows, by key
   */
  public static Verdict check(History history, Map<Integer, Map<String, Shown>> replicas) {
    List<Violation> violations = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>();
    replicas.values().forEach(shown -> keys.addAll(shown.keySet()));
    for (String key : keys) {
      requireEqual(key, replicas, violations);
    }
    for (Map.Entry<Integer, Map<String, Shown>> replica : replicas.entrySet()) {
      requireAll(history, replica.getKey(), replica.getValue(), violations);
    }
    return Verdict.of(violations);
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

  /** Each acknowledged write is shown, or something newer is. */
  private static void requireAll(
      History history, int replica, Map<String, Shown> shown, List<Violation> violations) {
    for (Operation write : history.operations()) {
      Version written = write.version();
      if (write.isRead() || !write.isOk() || written == null) {
        continue;
      }
      Shown last = shown.getOrDefault(write.key(), Shown.NOTHING);
      boolean isShown = written.equals(last.version) && Objects.equals(write.value(), last.value);
      boolean isOvertaken = last.version != null && last.version.isAfter(written);
      if (!isShown && !isOvertaken) {
        violations.add(
            new Violation(
                "no acknowledged write is lost",
                "replica " + replica + " shows " + last + " in the end",
                List.of(write)));
      }
    }
  }
}
