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
 * it on the same key. That is one pass over the operations for each key: O(k n) for k keys. A read
 * that says nothing of its version is left out there. Where a write has none, {@link
 * CausalPatterns} looks as well, without versions, and takes O(s n) for s sessions, and as much
 * memory.
 */
public final class Causality {
  static final String PROMISE = "causality";

  /** Passes over an operation; a minute or two of work. */
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
    if (!order.hasSomeVersions()) {
      return CausalPatterns.check(order);
    }
    Verdict byVersions = new Causality(order).followVersions();
    return order.hasVersions() || byVersions instanceof Verdict.Violated
        ? byVersions
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
    Map<String, List<Integer>> byKey = new TreeMap<>();
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
    follow(byKey.values(), ranks);
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

  /** Key by key, how far its versions go in the causes of each operation. */
  private void follow(Iterable<List<Integer>> keys, int[] ranks) {
    int count = order.size();
    int[] sorted = order.sorted();
    // By place in that order, from 1: what has no cause has that at 0, where nothing is met.
    int[] places = new int[count];
    for (int place = 0; place < count; place++) {
      places[sorted[place]] = place + 1;
    }
    int[] before = new int[count + 1];
    int[] sources = new int[count + 1];
    for (int i = 0; i < count; i++) {
      int[] causes = order.causes(i);
      before[places[i]] = causes[0] == NONE ? 0 : places[causes[0]];
      sources[places[i]] = causes[1] == NONE ? 0 : places[causes[1]];
    }
    int[] past = new int[count + 1];
    boolean[] isOfKey = new boolean[count + 1];
    for (List<Integer> ofKey : keys) {
      ofKey.forEach(i -> isOfKey[places[i]] = true);
      for (int place = 1; place <= count; place++) {
        int most = Math.max(past[before[place]], past[sources[place]]);
        past[place] = isOfKey[place] ? met(sorted[place - 1], most, ranks) : most;
      }
      ofKey.forEach(i -> isOfKey[places[i]] = false);
    }
  }

  /** How far they go once an operation of the key itself has met what it has. */
  private int met(int number, int most, int[] ranks) {
    if (!order.isRanked(number)) {
      return most;
    }
    boolean isRead = order.operation(number).isRead();
    if (isRead ? ranks[number] < most : ranks[number] <= most) {
      violations.add(violation(number, most, ranks));
    }
    return Math.max(most, ranks[number]);
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
