package io.gamut.ledger.log;

import java.util.List;

/**
 * The entries that a participant knows, from the end of its last snapshot on. It says nothing of
 * what is durable or committed.
 *
 * <p>Thread rules: one thread, the ledger's.
 */
public interface EntryLog {
  /** The last index that is only in a snapshot; 0 at first. */
  long baseIndex();

  /** The last entry's index; the base when there is none behind it. */
  long lastIndex();

  /** The term of an entry, from the base on; 0 for index 0. */
  long term(long index);

  /**
   * The first of the entries of one term that lead without a gap up to this one; the base counts as
   * one, and nothing before it. Costs no walk over the entries.
   */
  long firstOfTermAt(long index);

  /** The entry at an index behind the base, which must be there. */
  Entry entry(long index);

  /**
   * Entries from {@code first} on, which must lie behind the base. Stops after the one that reaches
   * {@code bytesMax}, so there is at least one if there is any.
   */
  List<Entry> read(long first, int bytesMax);

  /** Adds entries, the first of which follows the last one here. */
  void append(List<Entry> entries);

  /** Removes the entries from an index on, which must lie behind the base. */
  void truncateFrom(long index);

  /** Forgets the entries up to an index that a snapshot holds now. */
  void compactThrough(long index);

  /** Begins anew behind a snapshot from elsewhere. */
  void restartAt(long index, long term);

  /** The term of the last entry. */
  default long lastTerm() {
    return term(lastIndex());
  }
}
