package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.check.Digraph.Edge;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Causality: no reader at {@code causal} or above sees an effect before its cause. By the bad
 * patterns of Bouajjani, Enea, Guerraoui and Hamza, "On Verifying Causal Consistency", POPL 2017,
 * section 4, of causal convergence: a history keeps the promise if and only if it has none of them.
 *
 * <p>Causal order is that of each session's operations at {@code causal} and above, and of each
 * write before the reads that it is met by. Weaker writes have no causes, and are none but for whom
 * has read them. What a session did without learning the outcome is caused, but causes nothing
 * until it was read. The patterns:
 *
 * <ul>
 *   <li>ThinAirRead: a value was read that nobody can have written;
 *   <li>CyclicCO: causal order has a circle;
 *   <li>WriteCOInitRead and WriteCORead: a read has met something older than a write of its causes;
 *   <li>CyclicCF: the order of conflicting writes that the reads show has a circle with causal
 *       order.
 * </ul>
 *
 * <p>Where versions say the order of the writes of each key that is the order of conflicts, and the
 * last three come down to one: neither a read nor a write stands at a lower version than a cause of
 * it on the same key. That is one pass over the operations for each key: O(k n) for k keys. Without
 * versions {@link CausalPatterns} takes O(s n) for s sessions, and as much memory.
 */
public final class Causality {
  static final String PROMISE = "causality";

  /** Passes over an operation; some minutes of work. */
  private static final long STEPS_MAX = 20_000_000_000L;

  private static final int CIRCLES_MAX = 3;
  private static final int NONE = -1;

  private final CausalOrder order;
  private final List<Violation> violations = new ArrayList<>();

  private Causality(CausalOrder order) {
    this.order = order;
  }

  /** Judges a history. */
  public static Verdict check(History history) {
    CausalOrder order = new CausalOrder(history);
    if (!order.violations().isEmpty()) {
      return Verdict.of(order.violations());
    }
    return order.hasVersions()
        ? new Causality(order).followVersions()
        : CausalPatterns.check(order);
  }

  /** Whether an operation takes part. */
  static boolean isJudged(Operation operation) {
    if (operation.kind() == Kind.MISMATCH || operation.outcome() == Outcome.FAILED) {
      return false;
    }
    return operation.isRead() ? operation.isOk() && operation.isAtLeast(Consistency.CAUSAL) : true;
  }

  private Verdict followVersions() {
    TreeMap<String, List<Integer>> byKey = new TreeMap<>();
    for (int i = 0; i < order.size(); i++) {
      byKey.computeIfAbsent(order.operation(i).key(), _ -> new ArrayList<>()).add(i);
    }
    if ((long) byKey.size() * order.size() > STEPS_MAX) {
      return new Verdict.Unknown(
          "%d keys times %d operations are too much".formatted(byKey.size(), order.size()));
    }
    int[] ranks = new int[order.size()];
    Digraph conflicts = order.graph();
    for (List<Integer> ofKey : byKey.values()) {
      rank(ofKey, ranks, conflicts);
    }
    int[] past = new int[order.size()];
    for (Map.Entry<String, List<Integer>> key : byKey.entrySet()) {
      follow(key.getKey(), ranks, past);
    }
    if (violations.isEmpty()) {
      for (List<Edge> circle : conflicts.circles(CIRCLES_MAX)) {
        violations.add(
            new Violation(
                PROMISE,
                "CyclicCF: versions and causes contradict each other",
                circle.stream()
                    .limit(Violation.SHOWN_MAX)
                    .map(edge -> order.operation(edge.from()))
                    .toList()));
      }
    }
    return Verdict.of(violations);
  }

  /** Numbers the versions of a key from 1; what has none, since nothing was there yet, is 0. */
  private void rank(List<Integer> ofKey, int[] ranks, Digraph conflicts) {
    List<Integer> sorted = new ArrayList<>(ofKey);
    sorted.removeIf(i -> order.version(i) == null);
    sorted.sort((one, other) -> order.compareVersions(one, other));
    int rank = 0;
    int before = NONE;
    int writer = NONE;
    for (int i : sorted) {
      if (before == NONE || order.compareVersions(before, i) != 0) {
        rank++;
      }
      ranks[i] = rank;
      before = i;
      if (!order.operation(i).isRead()) {
        if (writer != NONE && ranks[writer] < rank) {
          conflicts.addEdge(writer, i, Dependencies.WW);
        }
        writer = i;
      }
    }
  }

  /** One key: how far its versions go in the causes of each operation. */
  private void follow(String key, int[] ranks, int[] past) {
    for (int i : order.sorted()) {
      int most = 0;
      for (int cause : order.causes(i)) {
        int rank = cause == NONE ? 0 : past[cause];
        most = Math.max(most, rank);
      }
      Operation operation = order.operation(i);
      if (operation.key().equals(key) && order.isRanked(i)) {
        boolean isBehind = operation.isRead() ? ranks[i] < most : ranks[i] <= most;
        if (isBehind) {
          violations.add(violation(i, most, ranks));
        }
        most = Math.max(most, ranks[i]);
      }
      past[i] = most;
    }
  }

  private Violation violation(int behind, int rank, int[] ranks) {
    String key = order.operation(behind).key();
    List<Operation> shown =
        order.pathFrom(
            behind, i -> order.operation(i).key().equals(key) && ranks[i] == rank && i != behind);
    String what =
        order.operation(behind).isRead()
            ? (order.version(behind) == null ? "WriteCOInitRead" : "WriteCORead")
                + ": it has met something older than what caused it"
            : "CyclicCF: a write has an earlier version than a cause of it";
    return new Violation(PROMISE, what, shown);
  }
}
