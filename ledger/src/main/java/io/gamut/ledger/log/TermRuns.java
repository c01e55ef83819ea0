package io.gamut.ledger.log;

import java.util.Map;
import java.util.TreeMap;

/**
 * The terms of a log's entries, from its base to its last: the first index of each run of entries
 * of one term, and that term. A log of a million entries has as many runs as leaders wrote it.
 */
public final class TermRuns {
  private final TreeMap<Long, Long> termsByFirst = new TreeMap<>();
  private long baseIndex;
  private long lastIndex;

  /** Those of an empty log behind a base. */
  public TermRuns(long baseIndex, long baseTerm) {
    restartAt(baseIndex, baseTerm);
  }

  public long baseIndex() {
    return baseIndex;
  }

  public long lastIndex() {
    return lastIndex;
  }

  /** How many runs there are, that of the base included. */
  public int runs() {
    return termsByFirst.size();
  }

  /** See {@link EntryLog#term}. */
  public long term(long index) {
    return runAt(index).getValue();
  }

  /** See {@link EntryLog#firstOfTermAt}. */
  public long firstOfTermAt(long index) {
    return runAt(index).getKey();
  }

  private Map.Entry<Long, Long> runAt(long index) {
    if (index < baseIndex || index > lastIndex) {
      throw outside(index);
    }
    return termsByFirst.floorEntry(index);
  }

  private IllegalArgumentException outside(long index) {
    return new IllegalArgumentException(
        "entry " + index + " is not among those from " + baseIndex + " to " + lastIndex);
  }

  /** Requires an entry to lie behind the base, and to be there. */
  public void requireEntry(long index) {
    if (index <= baseIndex || index > lastIndex) {
      throw outside(index);
    }
  }

  /** Adds the entry that follows the last one. */
  public void append(Entry entry) {
    if (entry.index() != lastIndex + 1) {
      throw new IllegalArgumentException(entry + " does not follow " + lastIndex);
    }
    if (term(lastIndex) != entry.term()) {
      termsByFirst.put(entry.index(), entry.term());
    }
    lastIndex = entry.index();
  }

  /** See {@link EntryLog#truncateFrom}. */
  public void truncateFrom(long index) {
    if (index <= baseIndex) {
      throw new IllegalArgumentException("entry " + index + " is in the snapshot " + baseIndex);
    }
    termsByFirst.tailMap(index, true).clear();
    lastIndex = Math.min(lastIndex, index - 1);
  }

  /** See {@link EntryLog#compactThrough}. */
  public void compactThrough(long index) {
    if (index > baseIndex) {
      long term = term(index);
      termsByFirst.headMap(index, true).clear();
      termsByFirst.put(index, term);
      baseIndex = index;
    }
  }

  /** See {@link EntryLog#restartAt}. */
  public void restartAt(long index, long term) {
    termsByFirst.clear();
    termsByFirst.put(index, term);
    baseIndex = index;
    lastIndex = index;
  }
}
