package io.gamut.ledger.log;

import java.util.ArrayList;
import java.util.List;

/** All entries in memory. */
public final class MemoryEntryLog implements EntryLog {
  private final ArrayList<Entry> entries = new ArrayList<>();
  private final TermRuns terms;

  /** An empty log behind a snapshot; index and term are 0 where there is none. */
  public MemoryEntryLog(long baseIndex, long baseTerm) {
    terms = new TermRuns(baseIndex, baseTerm);
  }

  @Override
  public long baseIndex() {
    return terms.baseIndex();
  }

  @Override
  public long lastIndex() {
    return terms.lastIndex();
  }

  @Override
  public long term(long index) {
    return terms.term(index);
  }

  @Override
  public long firstOfTermAt(long index) {
    return terms.firstOfTermAt(index);
  }

  @Override
  public Entry entry(long index) {
    terms.requireEntry(index);
    return entries.get(countThrough(index) - 1);
  }

  /** How many entries there are from the base to an index. */
  private int countThrough(long index) {
    return (int) (index - terms.baseIndex());
  }

  @Override
  public List<Entry> read(long first, int bytesMax) {
    List<Entry> read = new ArrayList<>();
    long bytes = 0;
    for (long index = first;
        index <= lastIndex() && (bytes < bytesMax || read.isEmpty());
        index++) {
      Entry entry = entry(index);
      read.add(entry);
      bytes += entry.size();
    }
    return read;
  }

  @Override
  public void append(List<Entry> added) {
    for (Entry entry : added) {
      terms.append(entry);
      entries.add(entry);
    }
  }

  @Override
  public void truncateFrom(long index) {
    terms.truncateFrom(index);
    entries.subList(countThrough(lastIndex()), entries.size()).clear();
  }

  @Override
  public void compactThrough(long index) {
    if (index > terms.baseIndex()) {
      int count = countThrough(index);
      terms.compactThrough(index);
      entries.subList(0, count).clear();
    }
  }

  @Override
  public void restartAt(long index, long term) {
    entries.clear();
    terms.restartAt(index, term);
  }
}
