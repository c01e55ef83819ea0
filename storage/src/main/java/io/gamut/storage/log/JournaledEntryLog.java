package io.gamut.storage.log;

import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryLog;
import io.gamut.ledger.log.TermRuns;
import io.gamut.storage.journal.ReadableJournal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log that keeps its latest entries in memory and reads older ones back from the node's journal,
 * which has them anyway. Nothing is written here.
 *
 * <p>The terms of all entries stay in memory (see {@link TermRuns}), and so do the entries that are
 * not durable, whatever the budget. Of the others the oldest leave first.
 *
 * <p><b>What its owner does.</b> It writes the ledger's records to the journal in the order in
 * which they are given, and tells the log:
 *
 * <ol>
 *   <li>at recovery, {@link #onRecovering} before the records of each batch, then {@link
 *       #onRecovered}, before anything is read;
 *   <li>whenever the journal has reported something as durable, {@link #onDurable}, and before it
 *       {@link #onRestarted}, if a restart was among that.
 * </ol>
 *
 * <p><b>Letting the journal go.</b> The owner saves the base together with {@link #neededFrom},
 * keeps the journal from the position that was saved last, and replays it from there. While the
 * record of a restart is on its way ({@link #isRestarting}) it saves none: if that record were lost
 * in a crash, a replay would put behind the new base what once followed something else.
 *
 * <p>Where entries are looked for is argued in {@link JournalMarks}, how they are found in {@link
 * JournalEntries}.
 *
 * <p>Thread rules: one thread, the ledger's. A read of what is not in memory waits for the disk. If
 * the disk fails, or what it gives is not what was written, reading throws {@link
 * java.io.UncheckedIOException}.
 */
public final class JournaledEntryLog implements EntryLog {
  /**
   * What the entries may take on the heap by default: some hundred times what one message carries,
   * so that only a follower that was away for a while is served from the disk.
   */
  public static final long MEMORY_BYTES_DEFAULT = 32L << 20;

  /** A read begins to look at most about this far before what it looks for. */
  private static final long MARK_SPACING_BYTES = 256 << 10;

  private static final long ALREADY = 0;

  private final TermRuns terms;
  private final EntryWindow latest;
  private final JournalMarks marks;
  private final JournalEntries older;
  private final long memoryBytesMax;
  private @Nullable ReadableJournal journal;
  private long durableIndex;
  private long position;

  /** The record of the last cut, and that of the last restart, are durable once the log is here. */
  private long cutDurableAt = ALREADY;

  private long restartDurableAt = ALREADY;

  /** An empty log behind a snapshot; index and term are 0 where there is none. */
  public JournaledEntryLog(long baseIndex, long baseTerm, long memoryBytesMax) {
    this(baseIndex, baseTerm, memoryBytesMax, MARK_SPACING_BYTES);
  }

  /**
   * As above, for journals of another size.
   *
   * @param markSpacingBytes how far apart the places are, at least, that are known in the journal
   */
  public JournaledEntryLog(
      long baseIndex, long baseTerm, long memoryBytesMax, long markSpacingBytes) {
    this.memoryBytesMax = memoryBytesMax;
    terms = new TermRuns(baseIndex, baseTerm);
    latest = new EntryWindow(baseIndex + 1);
    marks = new JournalMarks(baseIndex, markSpacingBytes);
    older = new JournalEntries(terms, marks);
    durableIndex = baseIndex;
  }

  // What the owner tells

  /**
   * The journal is being replayed, and the next records are those of a batch.
   *
   * @param batchPosition where it begins
   */
  public void onRecovering(long batchPosition) {
    cutDurableAt = ALREADY;
    restartDurableAt = ALREADY;
    onDurable(lastIndex(), batchPosition);
  }

  /**
   * The journal has been replayed, and is open.
   *
   * @param opened to read from, from now on
   * @param endPosition where it ends: all that is appended from now on lies there or above
   */
  public void onRecovered(ReadableJournal opened, long endPosition) {
    journal = opened;
    onRecovering(endPosition);
  }

  /**
   * The journal has reported something as durable.
   *
   * @param index the last entry of the log that is durable by that report: not one before it, and
   *     not one that only a later report speaks of
   * @param durablePosition the position that was reported. All entries behind the index have their
   *     records there or above, or will have
   */
  public void onDurable(long index, long durablePosition) {
    if (index < durableIndex || index > lastIndex()) {
      throw new IllegalArgumentException(
          "the log, durable to " + durableIndex + " of " + lastIndex() + ", cannot be to " + index);
    }
    if (durablePosition < position) {
      throw new IllegalArgumentException(
          "the journal was durable to " + position + ", and now only to " + durablePosition);
    }
    durableIndex = index;
    position = durablePosition;
    cutDurableAt = index >= cutDurableAt ? ALREADY : cutDurableAt;
    restartDurableAt = index >= restartDurableAt ? ALREADY : restartDurableAt;
    if (cutDurableAt == ALREADY && restartDurableAt == ALREADY) {
      marks.add(index, durablePosition);
    }
    evict();
  }

  /**
   * The record of the last restart is durable. Without this call it is taken for durable only when
   * an entry behind it is, and until then the journal cannot be let go.
   */
  public void onRestarted() {
    restartDurableAt = ALREADY;
  }

  private void evict() {
    while (latest.bytes() > memoryBytesMax && latest.firstIndex() <= durableIndex) {
      latest.removeFirst();
    }
  }

  // What the owner may ask

  /**
   * The journal's position below which no entry behind the base is needed. Term and vote, and what
   * others keep in the journal, are not spoken of.
   */
  public long neededFrom() {
    return marks.positionFor(baseIndex() + 1);
  }

  /**
   * An index so that all entries behind it are found at a position of the journal or above it: as
   * great as the marks tell, and not below the base.
   */
  public long indexBefore(long ofPosition) {
    return Math.max(baseIndex(), marks.indexBefore(ofPosition));
  }

  /** Whether the log has begun anew and the record of that may not be durable yet. */
  public boolean isRestarting() {
    return restartDurableAt != ALREADY;
  }

  /** What the entries in memory take, roughly. */
  public long memoryBytes() {
    return latest.bytes() + older.bytes();
  }

  // The log

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
    return latest.contains(index) ? latest.get(index) : read(index, 1).getFirst();
  }

  @Override
  public List<Entry> read(long first, int bytesMax) {
    if (first > lastIndex()) {
      return new ArrayList<>();
    }
    terms.requireEntry(first);
    List<Entry> read = new ArrayList<>(readOlder(first, bytesMax));
    long bytes = read.stream().mapToLong(Entry::size).sum();
    for (long index = first + read.size();
        index <= lastIndex() && (bytes < bytesMax || read.isEmpty());
        index++) {
      Entry entry = latest.get(index);
      read.add(entry);
      bytes += entry.size();
    }
    return read;
  }

  private List<Entry> readOlder(long first, int bytesMax) {
    if (first >= latest.firstIndex()) {
      return List.of();
    }
    ReadableJournal open = journal;
    if (open == null) {
      throw new IllegalStateException("entry " + first + " is read before recovery has ended");
    }
    return older.read(first, latest.firstIndex(), bytesMax, open);
  }

  @Override
  public void append(List<Entry> entries) {
    for (Entry entry : entries) {
      terms.append(entry);
      latest.add(entry);
    }
    evict();
  }

  @Override
  public void truncateFrom(long index) {
    terms.truncateFrom(index);
    latest.removeFrom(index);
    older.truncateFrom(index);
    durableIndex = Math.min(durableIndex, index - 1);
    cutDurableAt = index;
  }

  @Override
  public void compactThrough(long index) {
    if (index > baseIndex()) {
      terms.compactThrough(index);
      latest.removeBefore(index + 1);
      older.compactThrough(index);
      marks.compactThrough(index);
      durableIndex = Math.max(durableIndex, index);
      // The snapshot may have come from elsewhere: it says nothing of the journal.
      cutDurableAt = cutDurableAt == ALREADY ? ALREADY : Math.max(cutDurableAt, index + 1);
      restartDurableAt =
          restartDurableAt == ALREADY ? ALREADY : Math.max(restartDurableAt, index + 1);
    }
  }

  @Override
  public void restartAt(long index, long term) {
    terms.restartAt(index, term);
    latest.clear(index + 1);
    older.restart();
    marks.restartAt(index);
    durableIndex = index;
    cutDurableAt = ALREADY; // with the restart, which is recorded behind it
    restartDurableAt = index + 1;
  }
}
