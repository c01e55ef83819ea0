package io.gamut.storage.log;

import io.gamut.ledger.log.Entry;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Entries that follow one another, in memory: added at the end, removed at both ends. */
final class EntryWindow {
  /** What an entry takes on the heap beyond {@link Entry#size}: headers and references. */
  static final int OVERHEAD_BYTES = 48;

  private final ArrayList<@Nullable Entry> entries = new ArrayList<>();
  private int removed;
  private long firstIndex;
  private long bytes;

  /** An empty one, whose first entry will have this index. */
  EntryWindow(long firstIndex) {
    this.firstIndex = firstIndex;
  }

  /** The first entry's index; the one to be added, when there is none. */
  long firstIndex() {
    return firstIndex;
  }

  /** Behind the last entry. */
  long endIndex() {
    return firstIndex + entries.size() - removed;
  }

  boolean contains(long index) {
    return index >= firstIndex && index < endIndex();
  }

  boolean isEmpty() {
    return entries.size() == removed;
  }

  /** Roughly what they take on the heap. */
  long bytes() {
    return bytes;
  }

  Entry get(long index) {
    Entry entry = entries.get((int) (index - firstIndex) + removed);
    if (entry == null) {
      throw new IllegalStateException("entry " + index + " was removed and is asked for");
    }
    return entry;
  }

  void add(Entry entry) {
    entries.add(entry);
    bytes += bytesOf(entry);
  }

  void removeFirst() {
    bytes -= bytesOf(get(firstIndex));
    entries.set(removed, null);
    removed++;
    firstIndex++;
    if (removed > entries.size() / 2) {
      entries.subList(0, removed).clear();
      removed = 0;
    }
  }

  /** Removes those before an index. */
  void removeBefore(long index) {
    while (!isEmpty() && firstIndex < index) {
      removeFirst();
    }
  }

  /** Removes those from an index on; the next one to be added has it, if none are left. */
  void removeFrom(long index) {
    while (!isEmpty() && endIndex() > index) {
      bytes -= bytesOf(get(endIndex() - 1));
      entries.removeLast();
    }
    if (isEmpty()) {
      clear(Math.min(firstIndex, index));
    }
  }

  /** Removes all, to begin anew at an index. */
  void clear(long index) {
    entries.clear();
    removed = 0;
    bytes = 0;
    firstIndex = index;
  }

  private static long bytesOf(Entry entry) {
    return (long) entry.size() + OVERHEAD_BYTES;
  }
}
