package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.check.Digraph.Edge;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What causes what in a history, by its sessions and by what was read. */
final class CausalOrder {
  static final int NONE = -1;

  private static final int CIRCLES_MAX = 3;

  private final List<Operation> operations = new ArrayList<>();
  private final Map<Operation, Integer> numbers;
  private final List<Violation> violations = new ArrayList<>();

  /** Per operation, what its session did before; the source of what it read. */
  private final int[][] causes;

  private final @Nullable Version[] versions;

  /** Reads that have met a key before its first write, as far as they say so. */
  private final BitSet initial = new BitSet();

  private int[] sorted = {};

  CausalOrder(History history) {
    for (Operation operation : history.operations()) {
      if (Causality.isJudged(operation)) {
        operations.add(operation);
      }
    }
    Writes writes = Writes.of(operations);
    numbers = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      numbers.put(operations.get(i), i);
    }
    causes = new int[operations.size()][];
    versions = new Version[operations.size()];
    Arrays.setAll(versions, i -> operations.get(i).version());
    linkSessions();
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).isRead()) {
        linkSource(i, writes.at(operations.get(i).key()));
      }
    }
    for (int i = 0; i < operations.size(); i++) {
      int source = causes[i][1];
      versions[i] = versions[i] == null && source != NONE ? versions[source] : versions[i];
    }
    noteInitial(writes);
    if (violations.isEmpty()) {
      sort();
    }
  }

  private void linkSessions() {
    Map<Integer, Integer> last = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      causes[i] = new int[] {NONE, NONE};
      if (operation.isAtLeast(Consistency.CAUSAL)) {
        causes[i][0] = Objects.requireNonNull(last.getOrDefault(operation.session(), NONE));
        if (operation.isOk()) {
          last.put(operation.session(), i);
        }
      }
    }
  }

  private void linkSource(int reader, Writes.OfKey writes) {
    Operation read = operations.get(reader);
    Operation source = writes.source(read);
    if (source != null) {
      int number = Objects.requireNonNull(numbers.get(source));
      causes[reader][1] = number;
      versions[number] = versions[number] == null ? versions[reader] : versions[number];
    } else if (read.value() != null && !writes.mayBeUnnamed()) {
      violations.add(
          new Violation(
              Causality.PROMISE,
              "ThinAirRead: a value was read that nobody can have written",
              List.of(read)));
    }
  }

  /**
   * A read of absence without a version met a key that was never written, unless something else may
   * have left it absent: a delete where receipts do not tell versions, or a life that is over. Such
   * a read says nothing; but of other reads it takes nothing away.
   */
  private void noteInitial(Writes writes) {
    boolean isVersioned = hasSomeVersions();
    Map<String, Boolean> isTold = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation read = operations.get(i);
      if (read.isRead()
          && read.value() == null
          && versions[i] == null
          && isTold.computeIfAbsent(
              read.key(), key -> isAbsenceTold(writes.at(key), isVersioned))) {
        initial.set(i);
      }
    }
  }

  /** Whether a read would have a version if the key was absent after a write, and not before. */
  private static boolean isAbsenceTold(Writes.OfKey writes, boolean isVersioned) {
    return writes.all().stream()
        .filter(Steps::isDelete)
        .allMatch(delete ->
            isVersioned
                && !Steps.isExpiring(delete)
                && (!delete.isOk() || delete.version() != null));
  }

  /** Kahn's order; what is left has a circle. */
  private void sort() {
    int[] waiting = new int[size()];
    Digraph graph = graph();
    int[][] effects = new int[size()][];
    int[] counts = new int[size()];
    for (int[] of : causes) {
      for (int cause : of) {
        if (cause != NONE) {
          counts[cause]++;
        }
      }
    }
    Arrays.setAll(effects, i -> new int[counts[i]]);
    for (int i = 0; i < size(); i++) {
      for (int cause : causes[i]) {
        if (cause != NONE) {
          effects[cause][--counts[cause]] = i;
          waiting[i]++;
        }
      }
    }
    int[] order = new int[size()];
    int count = 0;
    for (int i = 0; i < size(); i++) {
      if (waiting[i] == 0) {
        order[count++] = i;
      }
    }
    for (int next = 0; next < count; next++) {
      for (int effect : effects[order[next]]) {
        if (--waiting[effect] == 0) {
          order[count++] = effect;
        }
      }
    }
    sorted = order;
    if (count < size()) {
      for (List<Edge> circle : graph.circles(CIRCLES_MAX)) {
        violations.add(
            new Violation(
                Causality.PROMISE,
                "CyclicCO: it read what was caused by what follows it",
                circle.stream()
                    .limit(Violation.SHOWN_MAX)
                    .map(edge -> operations.get(edge.from()))
                    .toList()));
      }
    }
  }

  /** A graph of the causes, to which more can be added. */
  Digraph graph() {
    Digraph graph = new Digraph(size());
    for (int i = 0; i < size(); i++) {
      if (causes[i][0] != NONE) {
        graph.addEdge(causes[i][0], i, Dependencies.SESSION);
      }
      if (causes[i][1] != NONE) {
        graph.addEdge(causes[i][1], i, Dependencies.WR);
      }
    }
    return graph;
  }

  /** What shows that there is no order. */
  List<Violation> violations() {
    return violations;
  }

  /** Whether there are versions at all. */
  boolean hasSomeVersions() {
    return Arrays.stream(versions).anyMatch(Objects::nonNull);
  }

  /**
   * Whether the versions tell all there is to know: every write whose outcome is known has one, and
   * every read of a value.
   */
  boolean hasVersions() {
    for (int i = 0; i < size(); i++) {
      Operation operation = operations.get(i);
      boolean shouldHave = operation.isRead() ? operation.value() != null : operation.isOk();
      if (shouldHave && versions[i] == null) {
        return false;
      }
    }
    return true;
  }

  int size() {
    return operations.size();
  }

  Operation operation(int number) {
    return operations.get(number);
  }

  /** All, each after its causes. */
  int[] sorted() {
    return sorted;
  }

  /**
   * What caused one at first hand: in its session, and by what it read; {@link #NONE} if nothing.
   */
  int[] causes(int number) {
    return causes[number];
  }

  /** Of what it read or wrote; null if it is not known. */
  @Nullable Version version(int number) {
    return versions[number];
  }

  int compareVersions(int one, int other) {
    return Objects.requireNonNull(versions[one]).compareTo(Objects.requireNonNull(versions[other]));
  }

  /** Whether its place among the versions of its key is known. */
  boolean isRanked(int number) {
    return versions[number] != null || isInitial(number);
  }

  /** Whether it is a read of a key that was never written when it was met. */
  boolean isInitial(int number) {
    return initial.get(number);
  }

  /** The nearest cause that is meant, whatever has passed it on, and the operation itself. */
  List<Operation> pathFrom(int number, IntPredicate meant) {
    Map<Integer, Integer> effects = new HashMap<>();
    ArrayDeque<Integer> reached = new ArrayDeque<>();
    reached.add(number);
    while (!reached.isEmpty()) {
      int at = reached.remove();
      if (at != number && meant.test(at)) {
        return passedOn(at, number, effects);
      }
      for (int cause : causes[at]) {
        if (cause != NONE && cause != number && effects.putIfAbsent(cause, at) == null) {
          reached.add(cause);
        }
      }
    }
    return List.of(operations.get(number));
  }

  /** Of a path, where it begins and ends and what goes from session to session. */
  private List<Operation> passedOn(int from, int to, Map<Integer, Integer> effects) {
    LinkedHashSet<Operation> shown = new LinkedHashSet<>();
    shown.add(operations.get(from));
    for (int at = from; at != to; ) {
      int next = Objects.requireNonNull(effects.get(at));
      if (causes[next][1] == at && operations.get(at).session() != operations.get(next).session()) {
        shown.add(operations.get(at));
        shown.add(operations.get(next));
      }
      at = next;
    }
    shown.add(operations.get(to));
    return List.copyOf(shown);
  }

  /** Whether it is bound to what its session does later. */
  boolean isBinding(int number) {
    Operation operation = operations.get(number);
    return operation.isOk() && operation.isAtLeast(Consistency.CAUSAL);
  }
}
