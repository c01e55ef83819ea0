package io.gamut.verify;

import io.gamut.verify.Linearizability.Span;
import io.gamut.verify.Operation.Kind;
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
 * may be deleted too. In O(n log n) steps, without a search.
 *
 * <p>A value's write and its reads stand together in any linearization, since the value comes once:
 * they are one <em>cluster</em> (Gibbons and Korach, "Testing Shared Memories", 1997). A cluster
 * must stand before another if one of its operations ends before one of the other's begins. Only of
 * deletes it is open which reads of the absent value follow which of them. So clusters, deletes and
 * reads of absence are put into an order one by one, each when nothing that remains must stand
 * before it, and of those that could be put next
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
  private static final int SHOWN_MAX = 8;
  private static final int CONFLICT_CANDIDATES_MAX = 500;

  /** What is put into the order at once. */
  private static final class Item {
    final List<Span> spans = new ArrayList<>();
    long firstEnd = Span.OPEN;
    long lastBegin = Long.MIN_VALUE;
    boolean isPlaced;

    void add(Span span) {
      spans.add(span);
      firstEnd = Math.min(firstEnd, span.end());
      lastBegin = Math.max(lastBegin, span.begin());
    }

    static Item of(Span span) {
      Item item = new Item();
      item.add(span);
      return item;
    }

    boolean isCluster() {
      return spans.getFirst().operation().value() != null;
    }

    boolean mustPrecede(Item other) {
      return firstEnd < other.lastBegin;
    }
  }

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
    return violation == null ? new Verdict.Kept() : new Verdict.Broken(List.of(violation));
  }

  // Gathering

  private @Nullable Violation gather(List<Span> spans) {
    Map<String, Item> byValue = new HashMap<>();
    for (Span span : spans) {
      if (span.operation().kind() == Kind.WRITE) {
        byValue.put(Objects.requireNonNull(span.operation().value()), Item.of(span));
      }
    }
    for (Span span : spans) {
      if (span.operation().isRead() && span.operation().value() != null) {
        Violation violation = join(span, byValue.get(span.operation().value()));
        if (violation != null) {
          return violation;
        }
      }
    }
    byValue
        .values()
        .forEach(cluster -> {
          if (cluster.firstEnd != Span.OPEN) {
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

  private void add(Item item, PriorityQueue<Item> waiting) {
    remaining.add(item);
    waiting.add(item);
    required += item.firstEnd == Span.OPEN ? 0 : 1;
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

  private static PriorityQueue<Item> cleaned(PriorityQueue<Item> items) {
    while (!items.isEmpty() && Objects.requireNonNull(items.peek()).isPlaced) {
      items.remove();
    }
    return items;
  }

  @FunctionalInterface
  private interface Place {
    void add(Item item);
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
  private long endOfOthers(Item item) {
    Item first = cleaned(remaining).remove();
    Item second = cleaned(remaining).peek();
    remaining.add(first);
    if (first != item) {
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
            .limit(SHOWN_MAX)
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
