package io.gamut.storage.log;

import io.gamut.core.InvalidDataException;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.TermRuns;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecordCodec;
import io.gamut.storage.journal.JournalReader;
import io.gamut.storage.journal.JournalVisitor;
import io.gamut.storage.journal.ReadableJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds entries of the log in the journal's records.
 *
 * <p><b>Which copy.</b> Between the records of the log's entries lie those of entries that were cut
 * off. The log knows the term at each index; an entry of one term at one index is the same
 * everywhere, so any copy that has both is the right one, and no other is.
 *
 * <p><b>Why one pass finds them in order.</b> Entry i + 1 was put into the log after i, or by the
 * same record and behind it, and whatever cut off i has cut off i + 1 as well. So the record that
 * last put i + 1 there does not lie before that of i. A pass that begins before the latter finds i
 * there at the latest, and i + 1 there or behind.
 *
 * <p><b>The place where a pass has ended</b>, behind a whole batch, is a mark like those of {@link
 * JournalMarks}: the next entry was not found below it. So a follower that is behind reads forward,
 * and each of its reads goes on where the one before has ended. What a batch held beyond what was
 * asked for is kept for the next read; that is one batch at most.
 */
final class JournalEntries {
  private final TermRuns terms;
  private final JournalMarks marks;
  private final EntryWindow ahead = new EntryWindow(0);
  private long collectedBytes;
  private long nextIndex = Long.MAX_VALUE;
  private long nextPosition;

  /**
   * @param terms of the log as it is
   */
  JournalEntries(TermRuns terms, JournalMarks marks) {
    this.terms = terms;
    this.marks = marks;
  }

  /** What is kept of the batch that was read last. */
  long bytes() {
    return ahead.bytes();
  }

  /**
   * Entries that are in the journal durably.
   *
   * @param end the index behind the last one
   * @param bytesMax as in {@link io.gamut.ledger.log.EntryLog#read}
   */
  List<Entry> read(long first, long end, int bytesMax, ReadableJournal journal) {
    List<Entry> read = new ArrayList<>();
    long bytes = 0;
    for (long index = first; index < end && (bytes < bytesMax || read.isEmpty()); index++) {
      if (!ahead.contains(index)) {
        fetch(index, end, bytesMax - bytes, journal);
      }
      Entry entry = ahead.get(index);
      read.add(entry);
      bytes += entry.size();
    }
    ahead.removeBefore(first + read.size());
    return read;
  }

  private void fetch(long first, long end, long bytesMax, ReadableJournal journal) {
    ahead.clear(first);
    collectedBytes = 0;
    long from = positionFor(first);
    try (JournalReader reader = journal.readFrom(from)) {
      JournalVisitor collector = this::collect;
      while (ahead.isEmpty() || (ahead.endIndex() < end && collectedBytes < bytesMax)) {
        if (!reader.readBatch(collector)) {
          throw missing(ahead.endIndex(), from, reader.limit());
        }
      }
      nextIndex = ahead.endIndex();
      nextPosition = reader.position();
    } catch (IOException e) {
      String what = "could not read entry " + ahead.endIndex() + " of the ledger back";
      throw new UncheckedIOException(what, e);
    }
  }

  private long positionFor(long index) {
    long marked = marks.positionFor(index);
    return index >= nextIndex ? Math.max(marked, nextPosition) : marked;
  }

  private IOException missing(long index, long from, long limit) {
    return new IOException(
        "entry "
            + index
            + " of term "
            + terms.term(index)
            + " is not in the journal from position "
            + from
            + " to "
            + limit
            + ", though it had been written there");
  }

  private void collect(long position, int type, ByteBuffer body) {
    if (LedgerRecordCodec.isEntries(type)
        && decode(position, type, body) instanceof LedgerRecord.Entries(List<Entry> entries)) {
      entries.forEach(this::collect);
    }
  }

  private static LedgerRecord decode(long position, int type, ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    try {
      return LedgerRecordCodec.decode(type, bytes);
    } catch (InvalidDataException e) {
      throw new UncheckedIOException(
          new IOException("the record at position " + position + " is not one of entries", e));
    }
  }

  private void collect(Entry entry) {
    long index = ahead.endIndex();
    if (entry.index() == index && index <= terms.lastIndex() && entry.term() == terms.term(index)) {
      ahead.add(entry);
      collectedBytes += entry.size();
    }
  }

  // What becomes of the log. Where a pass has ended stays true, as the marks do.

  void truncateFrom(long index) {
    ahead.removeFrom(index);
  }

  void compactThrough(long baseIndex) {
    ahead.removeBefore(baseIndex + 1);
  }

  void restart() {
    ahead.clear(0);
  }
}
