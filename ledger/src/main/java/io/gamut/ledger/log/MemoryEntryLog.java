package io.gamut.ledger.log;

import java.util.ArrayList;
import java.util.List;

/** All entries in memory. */
public final class MemoryEntryLog implements EntryLog {
  private final ArrayList<Entry> entries = new ArrayList<>();
  private long baseIndex;
  private long baseTerm;

  /** An empty log behind a snapshot; index and term are 0 where there is none. */
  public MemoryEntryLog(long baseIndex, long baseTerm) {
    restartAt(baseIndex, baseTerm);
  }

  @Override
  public long baseIndex() {
    return baseIndex;
  }

  @Override
  public long lastIndex() {
    return baseIndex + entries.size();
  }

  @Override
  public long term(long index) {
    return index == baseIndex ? baseTerm : entry(index).term();
  }

  @Override
  public Entry entry(long index) {
    if (index <= baseIndex || index > lastIndex()) {
      throw new IllegalArgumentException(
          "entry " + index + " is not among those from " + baseIndex + " to " + lastIndex());
    }
    return entries.get((int) (index - baseIndex - 1));
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
      if (entry.index() != lastIndex() + 1) {
        throw new IllegalArgumentException(entry + " does not follow " + lastIndex());
      }
      entries.add(entry);
    }
  }

  @Override
  public void truncateFrom(long index) {
    if (index <= baseIndex) {
      throw new IllegalArgumentException("entry " + index + " is in the snapshot " + baseIndex);
    }
    int from = (int) (index - baseIndex - 1);
    if (from < entries.size()) {
      entries.subList(from, entries.size()).clear();
    }
  }

  @Override
  public void compactThrough(long index) {
    if (index > baseIndex) {
      long term = term(index);
      entries.subList(0, (int) (index - baseIndex)).clear();
      baseIndex = index;
      baseTerm = term;
    }
  }

  @Override
  public void restartAt(long index, long term) {
    entries.clear();
    baseIndex = index;
    baseTerm = term;
  }
}
