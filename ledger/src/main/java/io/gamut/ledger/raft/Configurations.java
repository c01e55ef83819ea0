package io.gamut.ledger.raft;

import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import java.util.List;
import java.util.TreeMap;

/**
 * Which configuration is in force: the last one in the log, committed or not (Raft thesis, section
 * 4.1). Cutting the log off brings the one before back.
 */
final class Configurations {
  private final TreeMap<Long, Configuration> byIndex = new TreeMap<>();

  /**
   * @param base in force before the log's first entry
   */
  Configurations(long baseIndex, Configuration base) {
    byIndex.put(baseIndex, base);
  }

  Configuration latest() {
    return byIndex.lastEntry().getValue();
  }

  /** In force at an index from the base on. */
  Configuration at(long index) {
    return byIndex.floorEntry(index).getValue();
  }

  /** The index of the entry that brought it. */
  long latestIndex() {
    return byIndex.lastKey();
  }

  /** Whether it is a voter in one that may be in force when this much is known to be committed. */
  boolean mayBeVoter(Participant participant, long committed) {
    return byIndex.tailMap(byIndex.floorKey(committed), true).values().stream()
        .anyMatch(configuration -> configuration.isVoter(participant));
  }

  /**
   * Takes note of entries that are in the log now.
   *
   * @return whether there is another configuration among them
   */
  boolean onAppended(List<Entry> entries) {
    boolean isChanged = false;
    for (Entry entry : entries) {
      if (entry.body() instanceof Entry.Reconfigured(Configuration configuration)) {
        byIndex.put(entry.index(), configuration);
        isChanged = true;
      }
    }
    return isChanged;
  }

  /** Returns whether the one in force is cut off with the entries from an index on. */
  boolean onTruncated(long from) {
    boolean isChanged = latestIndex() >= from;
    byIndex.tailMap(from, true).clear();
    return isChanged;
  }

  /** Older ones than that in force at an index are not needed any more. */
  void onCompacted(long through) {
    long kept = byIndex.floorKey(through);
    byIndex.headMap(kept, false).clear();
  }

  void restartAt(long index, Configuration configuration) {
    byIndex.clear();
    byIndex.put(index, configuration);
  }
}
