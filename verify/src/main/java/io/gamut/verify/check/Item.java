package io.gamut.verify.check;

import io.gamut.verify.check.Linearizability.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations that stand together in any linearization of a register: a delete, a read of absence,
 * or a cluster, which begins with the write of its value.
 */
final class Item {
  final List<Span> spans = new ArrayList<>();

  /** The first end of its operations; {@link Span#OPEN} if all are open. */
  long firstEnd = Span.OPEN;

  /** The last begin of its operations. */
  long lastBegin = Long.MIN_VALUE;

  /** Whether it stands in the order already. */
  boolean isPlaced;

  /** Whether it has become a part of the item of the value that it has replaced. */
  boolean isJoined;

  static Item of(Span span) {
    Item item = new Item();
    item.add(span);
    return item;
  }

  void add(Span span) {
    spans.add(span);
    firstEnd = Math.min(firstEnd, span.end());
    lastBegin = Math.max(lastBegin, span.begin());
  }

  /** Takes in one that stands right behind it. */
  void join(Item other) {
    other.spans.forEach(this::add);
    other.isJoined = true;
  }

  boolean isCluster() {
    return spans.getFirst().operation().value() != null;
  }

  boolean mustPrecede(Item other) {
    return firstEnd < other.lastBegin;
  }
}
