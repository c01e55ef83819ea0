package io.gamut.storage.update;

import io.gamut.core.Dot;
import io.gamut.replication.message.Update;
import java.util.ArrayDeque;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * The updates appended last, up to a number of bytes: what other replicas ask for most. The eldest
 * goes first. For one thread.
 */
final class RecentUpdates {
  /** An update above this part of the whole is not kept: it would push out all others. */
  private static final int PART_MAX = 8;

  private final long bytesMax;
  private final HashMap<Dot, Update> byDot = new HashMap<>();

  /** In the order of appending; one that was removed stays here, and counts, until its turn. */
  private final ArrayDeque<Update> order = new ArrayDeque<>();

  private long bytes;

  RecentUpdates(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void add(Update update) {
    if (update.size() > bytesMax / PART_MAX || byDot.put(update.dot(), update) != null) {
      return;
    }
    order.add(update);
    bytes += update.size();
    while (bytes > bytesMax) {
      Update eldest = order.remove();
      bytes -= eldest.size();
      byDot.remove(eldest.dot());
    }
  }

  @Nullable Update find(Dot dot) {
    return byDot.get(dot);
  }

  void remove(Dot dot) {
    byDot.remove(dot);
  }
}
