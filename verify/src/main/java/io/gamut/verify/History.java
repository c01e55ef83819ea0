package io.gamut.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What all sessions did, in the order of invocation.
 *
 * <p>Values that are written are unique per key: so a value that is read names the write that it
 * comes from. Deletes have no value; where it matters which of them a reader met, its version says
 * so.
 */
public record History(List<Operation> operations) {
  /** A history is held in memory, and so are the checkers' notes about it. */
  public static final int OPERATIONS_MAX = 5_000_000;

  /**
   * Throws {@link IllegalArgumentException} if it is too long, or a session's operations overlap.
   */
  public History {
    if (operations.size() > OPERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a history has at most " + OPERATIONS_MAX + " operations, not " + operations.size());
    }
    List<Operation> sorted = new ArrayList<>(operations);
    sorted.sort(Comparator.comparingLong(Operation::invoked));
    operations = List.copyOf(sorted);
    for (List<Operation> session : by(operations, Operation::session).values()) {
      for (int i = 1; i < session.size(); i++) {
        if (session.get(i).invoked() < session.get(i - 1).responded()) {
          throw new IllegalArgumentException("two operations overlap: " + session.get(i));
        }
      }
    }
  }

  TreeMap<String, List<Operation>> byKey() {
    return by(operations, Operation::key);
  }

  TreeMap<Integer, List<Operation>> bySession() {
    return by(operations, Operation::session);
  }

  private static <K extends Comparable<K>> TreeMap<K, List<Operation>> by(
      List<Operation> operations, Function<Operation, K> name) {
    TreeMap<K, List<Operation>> groups = new TreeMap<>();
    for (Operation operation : operations) {
      groups.computeIfAbsent(name.apply(operation), _ -> new ArrayList<>()).add(operation);
    }
    return groups;
  }
}
