package io.gamut.storage.committed;

import io.gamut.storage.committed.ReplyRanges.Range;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was done to the replies: first the removals, then what was put. A put that came before a
 * removal of its name is not among the latter, so this order gives the same as that of the calls.
 */
final class ReplyChanges {
  private final TreeMap<ReplyName, byte[]> put = new TreeMap<>();
  private final ReplyRanges removed = new ReplyRanges();

  void put(ReplyName name, byte[] reply) {
    put.put(name, reply);
  }

  void remove(Range range) {
    within(put, range).clear();
    removed.add(range);
  }

  /** Whether these changes tell what is under a name: what {@link #find} says. */
  boolean decide(ReplyName name) {
    return put.containsKey(name) || removed.contains(name);
  }

  /** The reply that was put under a name, or null. */
  byte @Nullable [] find(ReplyName name) {
    return put.get(name);
  }

  /** Adds changes that came after these. */
  void addAll(ReplyChanges later) {
    later.removed().forEach(this::remove);
    put.putAll(later.put);
  }

  /** Makes the changes in a map of all replies. */
  void applyTo(NavigableMap<ReplyName, byte[]> replies) {
    removed().forEach(range -> within(replies, range).clear());
    replies.putAll(put);
  }

  private static NavigableMap<ReplyName, byte[]> within(
      NavigableMap<ReplyName, byte[]> replies, Range range) {
    return replies.subMap(range.firstName(), true, range.lastName(), true);
  }

  List<Range> removed() {
    return removed.toList();
  }

  NavigableMap<ReplyName, byte[]> put() {
    return put;
  }
}
