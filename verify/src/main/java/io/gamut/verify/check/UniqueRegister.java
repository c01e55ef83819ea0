package io.gamut.verify.check;

import io.gamut.verify.check.Linearizability.Span;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the history of one register is linearizable whose written values are unique; it
 * may be deleted too, but not by a compare-and-set. In O(n log n) steps, without a search.
 *
 * <p>A value's write and its reads stand together in any linearization, since the value comes once:
 * they are one <em>cluster</em> (Gibbons and Korach, "Testing Shared Memories", 1997). A successful
 * compare-and-set writes its value right behind the cluster of the one that it has replaced: both
 * are one cluster then ({@link Chains}). A cluster must stand before another if one of its
 * operations ends before one of the other's begins. Only of deletes it is open which reads of the
 * absent value follow which of them. So clusters, deletes and reads of absence are put into an
 * order one by one, each when nothing that remains must stand before it, and of those that could be
 * put next
 *
 * <ol>
 *   <li>reads of absence, while the register is empty: they change nothing;
 *   <li>then clusters: while the register is full this changes nothing for others, and while it is
 *       empty nothing but a delete could be put instead, which may as well come after them and then
 *       leaves the register as empty, with more done;
 *   <li>then the delete that ends first: of two, the one that ends later serves as well later on.
 * </ol>
 *
 * <p>Every choice leaves at least as much possible as any other would. So if none can be made while
 * something remains that must be put, there is no linearization. Open writes that nobody has read
 * can take effect never, and are left out; open deletes are put only where one is needed.
 */
final class UniqueRegister {
  private static final int CONFLICT_CANDIDATES_MAX = 500;

  private static final Comparator<Item> BY_END = Comparator.comparingLong(item -> item.firstEnd);
  private static final Comparator<Item> BY_BEGIN = Comparator.comparingLong(item -> item.lastBegin);

  private final PriorityQueue<Item> remaining = new PriorityQueue<>(BY_END);
  private final PriorityQueue<Item> clusters = new PriorityQueue<>(BY_BEGIN);
  private final PriorityQueue<Item> deletes = new PriorityQueue<>(BY_BEGIN);
  private final PriorityQueue<Item> absences = new PriorityQueue<>(BY_BEGIN);
  private final PriorityQueue<Item> readyDeletes = new PriorityQueue<>(BY_END);
  private final ArrayDeque<Item> readyAbsences = new ArrayDeque<>();
  private boolean isEmpty = true;
  private int required;

  private UniqueRegister() {}

  /** Judges the operations of one key. */
  static Verdict check(List<Span> spans) {
    UniqueRegister register = new UniqueRegister();
    Violation violation = register.gather(spans);
    if (violation == null) {
      violation = register.order();
    }
    return violation == null ? new Verdict.Holds() : new Verdict.Violated(List.of(violation));
  }

  // Gathering

  private @Nullable Violation gather(List<Span> spans) {
    Map<String, Item> byValue = new HashMap<>();
    for (Span span : spans) {
      if (span.operation().kind().writesValue()) {
        byValue.put(Objects.requireNonNull(span.operation().value()), Item.of(span));
      }
    }
    for (Span span : spans) {
      if (span.operation().isRead() && span.operation().value() != null) {
        Violation wrong = join(span, byValue.get(span.operation().value()));
        if (wrong != null) {
          return wrong;
        }
      }
    }
    Violation violation = new Chains(byValue).link();
    if (violation != null) {
      return violation;
    }
    byValue
        .values()
        .forEach(cluster -> {
          if (cluster.firstEnd != Span.OPEN && !cluster.isJoined) {
            add(cluster, clusters);
          }
        });
    for (Span span : spans) {
      if (span.operation().kind() == Kind.DELETE) {
        add(Item.of(span), deletes);
      } else if (span.operation().isRead() && span.operation().value() == null) {
        add(Item.of(span), absences);
      }
    }
    return null;
  }

  private static @Nullable Violation join(Span read, @Nullable Item cluster) {
    if (cluster == null) {
      return new Violation(
          Linearizability.PROMISE,
          "a value was read that nobody can have written",
          List.of(read.operation()));
    }
    Span write = cluster.spans.getFirst();
    cluster.add(read);
    return read.end() >= write.begin()
        ? null
        : new Violation(
            Linearizability.PROMISE,
            "a value was read before its write began",
            List.of(read.operation(), write.operation()));
  }

  private void add(Item cluster, PriorityQueue<Item> waiting) {
    remaining.add(cluster);
    waiting.add(cluster);
    required += cluster.firstEnd == Span.OPEN ? 0 : 1;
  }

  // Ordering

  private @Nullable Violation order() {
    while (required > 0) {
      Item next = next();
      if (next == null) {
        return contradiction();
      }
      next.isPlaced = true;
      required -= next.firstEnd == Span.OPEN ? 0 : 1;
    }
    return null;
  }

  private @Nullable Item next() {
    Item first = first();
    admit(absences, first.firstEnd, readyAbsences::add);
    admit(deletes, first.firstEnd, readyDeletes::add);
    if (isEmpty && !readyAbsences.isEmpty()) {
      return readyAbsences.remove();
    }
    Item cluster = nextCluster(first);
    if (cluster != null) {
      isEmpty = false;
      return cluster;
    }
    isEmpty = true;
    return readyDeletes.poll();
  }

  /** What ends first of all that remains. */
  private Item first() {
    return Objects.requireNonNull(cleaned(remaining).peek());
  }

  private static PriorityQueue<Item> cleaned(PriorityQueue<Item> clusters) {
    while (!clusters.isEmpty() && Objects.requireNonNull(clusters.peek()).isPlaced) {
      clusters.remove();
    }
    return clusters;
  }

  @FunctionalInterface
  private interface Place {
    void add(Item cluster);
  }

  /** Those of one operation each: none of them ends before it begins, so it is not in its way. */
  private static void admit(PriorityQueue<Item> waiting, long end, Place ready) {
    Item next = waiting.peek();
    while (next != null && next.lastBegin <= end) {
      ready.add(waiting.remove());
      next = waiting.peek();
    }
  }

  /**
   * A cluster that nothing must precede: the one that begins first, else the one that ends first;
   * to any other one the latter is in the way.
   */
  private @Nullable Item nextCluster(Item first) {
    Item cluster = cleaned(clusters).peek();
    if (cluster != null && cluster.lastBegin <= endOfOthers(cluster)) {
      return cluster;
    }
    return first.isCluster() && first.lastBegin <= endOfOthers(first) ? first : null;
  }

  /** When the first of all others ends. */
  private long endOfOthers(Item cluster) {
    Item first = cleaned(remaining).remove();
    Item second = cleaned(remaining).peek();
    remaining.add(first);
    if (first != cluster) {
      return first.firstEnd;
    }
    return second == null ? Span.OPEN : second.firstEnd;
  }

  // Explaining

  private Violation contradiction() {
    List<Item> left = new ArrayList<>();
    while (!cleaned(remaining).isEmpty() && left.size() < CONFLICT_CANDIDATES_MAX) {
      left.add(remaining.remove());
    }
    for (int i = 0; i < left.size(); i++) {
      for (int j = 0; j < i; j++) {
        Item one = left.get(j);
        Item other = left.get(i);
        if (one.mustPrecede(other) && other.mustPrecede(one) && one.isCluster()) {
          return conflict(one, other);
        }
      }
    }
    return new Violation(
        Linearizability.PROMISE,
        "no order explains these: of each, something else must come before",
        left.stream()
            .limit(Violation.SHOWN_MAX)
            .flatMap(item -> item.spans.stream().limit(2))
            .map(Span::operation)
            .toList());
  }

  private static Violation conflict(Item one, Item other) {
    List<Operation> shown = new ArrayList<>();
    for (Operation operation :
        List.of(ending(one), beginning(other), ending(other), beginning(one))) {
      if (!shown.contains(operation)) {
        shown.add(operation);
      }
    }
    return new Violation(
        Linearizability.PROMISE,
        "each of two values must have been there before the other: an operation on the first ended"
            + " before one on the second began, and the other way round",
        shown);
  }

  private static Operation ending(Item item) {
    return only(item, Comparator.comparingLong(Span::end));
  }

  private static Operation beginning(Item item) {
    return only(item, Comparator.comparingLong(Span::begin).reversed());
  }

  private static Operation only(Item item, Comparator<Span> order) {
    return item.spans.stream().min(order).orElseThrow().operation();
  }
}
