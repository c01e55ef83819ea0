package io.gamut.verify.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What all sessions did, in the order of invocation.
 *
 * <p>Values that are written at a key should be unique: then a value that is read names the write
 * that it comes from. Where they are not, versions do, and where there are none, checkers search,
 * or say that they do not know.
 *
 * @param events what was done to the cluster meanwhile, in their order
 * @param ends what each replica shows once nobody writes any more, by key; empty if nobody looked
 */
public record History(
    List<Request> requests, List<Event> events, Map<Integer, Map<String, Shown>> ends) {
  /** A history is held in memory, and so are the checkers' notes about it. */
  public static final int OPERATIONS_MAX = 5_000_000;

  /** Throws {@link IllegalArgumentException} if it is too long, or a session's requests overlap. */
  public History {
    long steps = requests.stream().mapToLong(request -> request.steps().size()).sum();
    if (steps > OPERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a history has at most " + OPERATIONS_MAX + " operations, not " + steps);
    }
    List<Request> sorted = new ArrayList<>(requests);
    sorted.sort(Comparator.comparingLong(Request::invoked).thenComparingLong(Request::number));
    requests = List.copyOf(sorted);
    Set<Long> numbers = new HashSet<>();
    for (Request request : requests) {
      if (!numbers.add(request.number())) {
        throw new IllegalArgumentException("two requests have the number " + request.number());
      }
    }
    for (List<Request> session : by(requests, Request::session).values()) {
      for (int i = 1; i < session.size(); i++) {
        if (session.get(i).invoked() < session.get(i - 1).responded()) {
          throw new IllegalArgumentException(
              "requests %d and %d of session %d overlap"
                  .formatted(
                      session.get(i - 1).number(),
                      session.get(i).number(),
                      session.get(i).session()));
        }
      }
    }
    events = List.copyOf(events);
    ends = Collections.unmodifiableMap(new TreeMap<>(ends));
  }

  /** One without events, at whose end nobody looked. */
  public History(List<Request> requests) {
    this(requests, List.of(), Map.of());
  }

  /** One whose requests these operations make up. */
  public static History of(List<Operation> operations) {
    return new History(operations.stream().map(Operation::request).distinct().toList());
  }

  /** The steps of all requests. */
  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Request request : requests) {
      for (Step step : request.steps()) {
        operations.add(new Operation(request, step));
      }
    }
    return operations;
  }

  public NavigableMap<String, List<Operation>> byKey() {
    return by(operations(), Operation::key);
  }

  public NavigableMap<Integer, List<Operation>> bySession() {
    return by(operations(), Operation::session);
  }

  private static <T, K extends Comparable<K>> TreeMap<K, List<T>> by(
      List<T> all, Function<T, K> name) {
    TreeMap<K, List<T>> groups = new TreeMap<>();
    for (T each : all) {
      groups.computeIfAbsent(name.apply(each), _ -> new ArrayList<>()).add(each);
    }
    return groups;
  }
}
