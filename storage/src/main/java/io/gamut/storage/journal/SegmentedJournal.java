package io.gamut.storage.journal;

import io.gamut.storage.volume.Volume;
import io.gamut.storage.volume.VolumeFullException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of opaque records on a {@link Volume}, kept in preallocated segment files.
 *
 * <p>What it promises:
 *
 * <ul>
 *   <li>A batch is written with one write. After a crash each batch is there whole or not at all,
 *       and none without all before it.
 *   <li>Every batch that lies below {@link #syncedPosition()} is there after a crash. If the disk
 *       has damaged it, opening says so and changes nothing.
 *   <li>Positions grow over the whole life of the journal. They count bytes, with a jump where a
 *       segment was left unfilled; a position that {@link #append} returned stays what it is.
 * </ul>
 *
 * Why that holds is argued in {@code JournalRecovery}, and in {@code SegmentFiles} for the files
 * themselves.
 *
 * <p>After a failed write or sync the journal is failed for good, see {@link
 * JournalFailedException}. Only a disk that is full when a new segment is to be made leaves it as
 * it was: nothing of the batch was written, and a later append may find room.
 *
 * <p>Threads: one at a time, with a proper hand-over; {@link JournalTask} is how the slow work is
 * done elsewhere, and {@link #readFrom} may be called by any thread beside. No clock, no thread and
 * no randomness of its own: the same calls on the same volume do the same.
 */
public final class SegmentedJournal implements ReadableJournal, Closeable {
  private final SegmentRow row;
  private final RecoveryReport recovery;
  private final long life;
  private final JournalBatch mark = new JournalBatch();
  private JournalTask.@Nullable Sync syncing;
  private JournalTask.@Nullable Removal removing;
  private @Nullable JournalFailedException failure;
  private long end;
  private long synced;
  private boolean endsWithMark;
  private boolean closed;

  /** For readers; null once the journal is closed. */
  private volatile @Nullable JournalExtent extent;

  private SegmentedJournal(SegmentRow row, long life, RecoveryReport recovery) {
    this.row = row;
    this.life = life;
    this.recovery = recovery;
    this.end = recovery.endPosition();
    this.synced = end;
    publish();
  }

  private void publish() {
    extent = new JournalExtent(row.parts(), synced, end);
  }

  /** Opens the journal of a volume and replays all of it. */
  public static SegmentedJournal open(Volume volume, JournalOptions options, JournalVisitor visitor)
      throws IOException {
    return open(volume, options, 0, visitor);
  }

  /**
   * Opens the journal of a volume, which is created if there is none, and replays it from a
   * position on. All of it is checked in any case.
   *
   * <p>When this returns, everything that was replayed is durable. The caller compares {@code from}
   * with the {@link #recovery()} report: below its first position nothing is left to replay, and an
   * end below {@code from} means that this disk is older than the caller's knowledge of it.
   *
   * @throws JournalCorruptException when synced data was damaged; nothing was changed then
   * @throws JournalVersionException when a newer release wrote it; nothing was changed then
   */
  public static SegmentedJournal open(
      Volume volume, JournalOptions options, long from, JournalVisitor visitor) throws IOException {
    SegmentFiles files = new SegmentFiles(volume, options.salts());
    List<Segment> found = files.openAll();
    try {
      files.deleteUnfinished();
      volume.syncDirectory();
      SegmentedJournal journal =
          found.isEmpty()
              ? create(files, options, found)
              : recover(files, options, found, from, visitor);
      journal.beginLife();
      return journal;
    } catch (IOException e) {
      SegmentFiles.closeAll(found, e);
      throw e;
    }
  }

  private static SegmentedJournal create(
      SegmentFiles files, JournalOptions options, List<Segment> none) throws IOException {
    none.add(files.create(files.draw(options.idIfNew(), 0, capacityBytes(options))));
    SegmentRow row = new SegmentRow(files, none, null, capacityBytes(options));
    RecoveryReport report = new RecoveryReport(true, 0, 0, 0, 0);
    return new SegmentedJournal(row, options.salts().getAsLong(), report);
  }

  private static SegmentedJournal recover(
      SegmentFiles files,
      JournalOptions options,
      List<Segment> found,
      long from,
      JournalVisitor visitor)
      throws IOException {
    JournalRecovery recovery = new JournalRecovery(files, found, from, visitor);
    RecoveryReport report = recovery.run();
    int used = recovery.activeIndex() + 1;
    Segment spare = used < found.size() ? found.getLast() : null;
    SegmentRow row = new SegmentRow(files, found.subList(0, used), spare, capacityBytes(options));
    return new SegmentedJournal(row, options.salts().getAsLong(), report);
  }

  private static long capacityBytes(JournalOptions options) {
    return options.segmentBytes() - SegmentHeader.BYTES;
  }

  private void beginLife() throws IOException {
    try {
      write(mark);
      endsWithMark = true;
      sync();
    } catch (IOException e) {
      row.close();
      throw e;
    }
  }

  public JournalId id() {
    return row.id();
  }

  /** What opening found and did. */
  public RecoveryReport recovery() {
    return recovery;
  }

  /** Nothing below this position is left. */
  public long firstPosition() {
    return row.first();
  }

  /** The end of the last batch. */
  public long endPosition() {
    return end;
  }

  /** Everything below this position is durable. */
  public long syncedPosition() {
    return synced;
  }

  /** Whether anything was appended that is not durable yet. */
  public boolean isDirty() {
    return synced < end;
  }

  /**
   * Writes a batch. It is durable only after a {@link #sync}.
   *
   * @return the position of its end: all its records lie below, all later ones at it or above
   * @throws VolumeFullException when no new segment can be made; the journal is as it was
   * @throws JournalFailedException when the write fails, and always from then on
   * @throws IllegalStateException if {@link #needsNewSegment} and a preparation is not finished
   */
  public long append(JournalBatch batch) throws IOException {
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("a batch has at least one record");
    }
    write(batch);
    endsWithMark = false;
    return end;
  }

  /**
   * Writes a mark, if all is synced, the last batch is not a mark, and this segment has room: a
   * batch without records whose header proves to a later recovery that what lies before it was
   * synced, so that damage to it is told from a torn tail. Not synced; losing it costs only the
   * proof.
   */
  public void mark() throws IOException {
    if (!endsWithMark && !isDirty() && !needsNewSegment(mark)) {
      write(mark);
      endsWithMark = true;
    }
  }

  private void write(JournalBatch batch) throws IOException {
    requireUsable();
    Segment segment = roomFor(batch.bytes());
    long position = segment.end();
    try {
      segment.write(position, batch.seal(segment.salt(), position, end, synced, life));
    } catch (IOException e) {
      throw failed("failed to write at position " + position, e);
    }
    end = position + batch.bytes();
    segment.endAt(end);
    publish();
  }

  /** Whether a batch would begin a new segment. */
  public boolean needsNewSegment(JournalBatch batch) {
    return row.active().room() < batch.bytes();
  }

  private Segment roomFor(int bytes) throws IOException {
    try {
      return row.roomFor(bytes);
    } catch (VolumeFullException e) {
      throw e;
    } catch (IOException e) {
      throw failed("failed to make a new segment", e);
    }
  }

  /** Makes everything appended so far durable. */
  public void sync() throws IOException {
    runAndFinish(beginSync());
  }

  /** Begins to read what is synced, from a position on. */
  @Override
  public JournalReader readFrom(long position) throws IOException {
    JournalExtent now = requireExtent();
    return new JournalReader(row.files(), now, position, now.synced());
  }

  /**
   * Begins to read what is written, from a position on, whether it is synced or not: what a crash
   * of the machine may still lose.
   */
  JournalReader readWrittenFrom(long position) throws IOException {
    JournalExtent now = requireExtent();
    return new JournalReader(row.files(), now, position, now.written());
  }

  private JournalExtent requireExtent() throws IOException {
    JournalExtent now = extent;
    if (now == null) {
      throw new IOException("could not read the journal: it is closed. Open it again");
    }
    return now;
  }

  /** Begins a sync of everything appended so far; one at a time. */
  public JournalTask.Sync beginSync() throws IOException {
    requireUsable();
    requireNone(syncing, "sync");
    JournalTask.Sync begun = new JournalTask.Sync(row.behind(synced), end);
    syncing = begun;
    return begun;
  }

  /** Whether it is time to make the next segment: half of this one is used, and none is ready. */
  public boolean needsPreparation() {
    return row.needsPreparation();
  }

  /** Makes the next segment ahead of its use, if none is ready. */
  public void prepareNextSegment() throws IOException {
    if (!row.hasSpare()) {
      runAndFinish(beginPreparation());
    }
  }

  /** Begins to make the next segment; one at a time, and only while none is ready. */
  public JournalTask.Preparation beginPreparation() throws IOException {
    requireUsable();
    return row.beginPreparation();
  }

  /** Deletes the segments that lie wholly below a position; the last one always stays. */
  public void truncateBefore(long position) throws IOException {
    runAndFinish(beginTruncation(position));
  }

  /**
   * Begins to delete segments; one at a time. Segments that a sync is at work on stay this time.
   */
  public JournalTask.Removal beginTruncation(long position) throws IOException {
    requireUsable();
    requireNone(removing, "truncation");
    List<Segment> inUse = syncing == null ? List.of() : syncing.segments;
    JournalTask.Removal begun = row.beginRemoval(position, inUse);
    removing = begun;
    publish();
    return begun;
  }

  /**
   * Takes the result of a task that has run.
   *
   * @throws JournalFailedException when a sync failed: the journal is failed for good
   * @throws IOException when a preparation or a truncation failed: the journal goes on, and will
   *     try again when the segment is needed, or when it is next told to truncate
   */
  public void finish(JournalTask task) throws IOException {
    IOException failed = task.failure();
    switch (task) {
      case JournalTask.Sync sync -> finishSync(sync, failed);
      case JournalTask.Preparation preparation -> row.endPreparation(preparation);
      case JournalTask.Removal removal -> {
        removing = null;
        row.endRemoval(removal);
        publish();
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private void finishSync(JournalTask.Sync sync, @Nullable IOException failed) throws IOException {
    syncing = null;
    if (failed != null) {
      throw failed("failed to sync up to position " + sync.position, failed);
    }
    synced = sync.position;
    publish();
    row.closeFinished(sync.segments, synced);
  }

  private void runAndFinish(JournalTask task) throws IOException {
    task.run();
    finish(task);
  }

  /**
   * Syncs, marks the end as synced, and closes the files; the volume stays its opener's. A journal
   * that has failed only closes its files.
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      if (failure == null) {
        sync();
        mark();
        sync();
      }
    } finally {
      closed = true;
      extent = null;
      row.close();
    }
  }

  private JournalFailedException failed(String tried, IOException cause) {
    JournalFailedException exception = new JournalFailedException(tried, cause);
    failure = exception;
    return exception;
  }

  private void requireUsable() throws IOException {
    if (failure != null) {
      throw new JournalFailedException("failed earlier", failure);
    }
    if (closed) {
      throw new IOException("could not use the journal: it is closed. Open it again");
    }
  }

  private static void requireNone(@Nullable JournalTask task, String what) {
    if (task != null) {
      throw new IllegalStateException("a " + what + " of this journal is not finished yet");
    }
  }
}
