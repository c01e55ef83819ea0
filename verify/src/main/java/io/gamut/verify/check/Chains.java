package io.gamut.verify.check;

import io.gamut.verify.check.Linearizability.Span;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins the clusters of a register that compare-and-sets chain to each other: the value of a
 * successful one comes right behind the value that it has replaced. Nothing else can stand between,
 * so a chain is one cluster, of which only the order inside must agree with real time too.
 *
 * <p>An open compare-and-set counts if its value was met, by a read or by another compare-and-set;
 * otherwise it may have changed nothing. In O(n) steps.
 */
final class Chains {
  private final Map<String, Item> byValue;

  /** Per value, the cluster that has replaced it. */
  private final Map<String, Item> replacements = new HashMap<>();

  Chains(Map<String, Item> byValue) {
    this.byValue = byValue;
  }

  /** Joins them, or says what contradicts itself. */
  @Nullable Violation link() {
    ArrayDeque<Item> met = new ArrayDeque<>();
    Set<Item> known = new HashSet<>();
    for (Item item : byValue.values()) {
      if (isReplacing(item) && item.firstEnd != Span.OPEN) {
        met.add(item);
        known.add(item);
      }
    }
    Map<Item, Item> replaced = new HashMap<>();
    while (!met.isEmpty()) {
      Item item = met.remove();
      Operation write = write(item);
      String value = String.valueOf(write.argument());
      Item before = byValue.get(value);
      if (before == null) {
        return violation("a value was replaced that nobody can have written", List.of(write));
      }
      Item other = replacements.putIfAbsent(value, item);
      if (other != null) {
        return violation(
            "two compare-and-sets have replaced the same value", List.of(write(other), write));
      }
      replaced.put(item, before);
      if (isReplacing(before) && known.add(before)) {
        met.add(before);
      }
    }
    return join(replaced);
  }

  private @Nullable Violation join(Map<Item, Item> replaced) {
    int joined = 0;
    for (Item head : new ArrayList<>(byValue.values())) {
      if (replaced.containsKey(head)) {
        continue;
      }
      Item next = replacements.get(value(head));
      while (next != null) {
        if (next.firstEnd < head.lastBegin) {
          return violation(
              "a value was there after one that has replaced it",
              List.of(
                  only(next, Comparator.comparingLong(Span::end)),
                  only(head, Comparator.comparingLong(Span::begin).reversed())));
        }
        Item after = replacements.get(value(next));
        head.join(next);
        joined++;
        next = after;
      }
    }
    if (joined == replaced.size()) {
      return null;
    }
    return violation(
        "values have replaced each other in a circle",
        replaced.keySet().stream()
            .filter(item -> !item.isJoined)
            .limit(Violation.SHOWN_MAX)
            .map(Chains::write)
            .toList());
  }

  private static boolean isReplacing(Item item) {
    return write(item).kind() == Kind.COMPARE_AND_SET;
  }

  private static Operation write(Item item) {
    return item.spans.getFirst().operation();
  }

  private static String value(Item item) {
    return String.valueOf(write(item).value());
  }

  private static Operation only(Item item, Comparator<Span> order) {
    return item.spans.stream().min(order).orElseThrow().operation();
  }

  private static Violation violation(String explanation, List<Operation> operations) {
    return new Violation(Linearizability.PROMISE, explanation, operations);
  }
}
