package io.gamut.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.MemoryEntryLog;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecordCodec;
import io.gamut.ledger.raft.Recovery;
import io.gamut.storage.journal.JournalBatch;
import io.gamut.storage.journal.JournalId;
import io.gamut.storage.journal.JournalOptions;
import io.gamut.storage.journal.JournalTask;
import io.gamut.storage.journal.JournalVisitor;
import io.gamut.storage.journal.SegmentedJournal;
import io.gamut.storage.volume.SimulatedVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Does with a log what a server does: journals what is put into it, tells it what is durable, lets
 * the journal go, and recovers from a crash. Beside it all goes a log in memory.
 */
final class LogOwner {
  final SimulatedVolume volume;
  private final SplittableRandom salts;
  private final long segmentBytes;
  private final long memoryBytesMax;
  private final long markSpacingBytes;
  private final JournalBatch batch = new JournalBatch();

  /** Records given and not known to be durable, in order. */
  private List<Given> given = new ArrayList<>();

  private SegmentedJournal journal;
  private JournaledEntryLog log;
  private MemoryEntryLog model;
  private AppliedPoint saved = AppliedPoint.ORIGIN;
  private long savedPosition;
  private AppliedPoint applied = AppliedPoint.ORIGIN;
  private long durableIndex;
  private long batchBytesMax;

  /**
   * A record of which the journal has to report the end.
   *
   * @param last the log is durable up to here with it
   * @param end of its batch; {@link #UNWRITTEN} before it is written
   */
  private record Given(long last, boolean restart, long end) {
    static final long UNWRITTEN = Long.MAX_VALUE;
  }

  LogOwner(long seed, long segmentBytes, long memoryBytesMax, long markSpacingBytes)
      throws IOException {
    this.volume = SimulatedVolume.seeded(seed);
    this.salts = new SplittableRandom(seed);
    this.segmentBytes = segmentBytes;
    this.memoryBytesMax = memoryBytesMax;
    this.markSpacingBytes = markSpacingBytes;
    this.log = new JournaledEntryLog(0, 0, memoryBytesMax, markSpacingBytes);
    this.model = new MemoryEntryLog(0, 0);
    this.journal = open((_, _, _) -> {});
    log.onRecovered(journal, journal.endPosition());
  }

  private SegmentedJournal open(JournalVisitor visitor) throws IOException {
    JournalOptions options = new JournalOptions(new JournalId(1, 1), segmentBytes, salts::nextLong);
    return SegmentedJournal.open(volume, options, savedPosition, visitor);
  }

  JournaledEntryLog log() {
    return log;
  }

  MemoryEntryLog model() {
    return model;
  }

  SegmentedJournal journal() {
    return journal;
  }

  long durableIndex() {
    return durableIndex;
  }

  /** What must not be cut off. */
  long appliedIndex() {
    return applied.index();
  }

  // What the ledger does

  void append(List<Entry> entries) {
    log.append(entries);
    model.append(entries);
    long first = entries.getFirst().index();
    durableIndex = Math.min(durableIndex, first - 1);
    given.replaceAll(each -> new Given(Math.min(each.last, first - 1), each.restart, each.end));
    give(new LedgerRecord.Entries(entries), entries.getLast().index());
  }

  /** Cuts the end off and puts entries in its place. */
  void replace(List<Entry> entries) {
    log.truncateFrom(entries.getFirst().index());
    model.truncateFrom(entries.getFirst().index());
    append(entries);
  }

  /** A snapshot of its own, or one from elsewhere that ends within the log. */
  void compactThrough(long index) {
    durableIndex = Math.max(durableIndex, index);
    applied = new AppliedPoint(index, model.term(index), Configuration.NOBODY);
    log.compactThrough(index);
    model.compactThrough(index);
  }

  void restartAt(long index, long term) {
    applied = new AppliedPoint(index, term, Configuration.NOBODY);
    log.restartAt(index, term);
    model.restartAt(index, term);
    onRestartGiven(new Restarted(applied));
  }

  private void onRestartGiven(Restarted record) {
    given.clear();
    durableIndex = record.snapshot().index();
    give(record, durableIndex);
  }

  private void give(LedgerRecord record, long last) {
    batch.add(LedgerRecordCodec.type(record), LedgerRecordCodec.body(record));
    given.add(new Given(last, record instanceof Restarted, Given.UNWRITTEN));
  }

  // What goes to the disk

  /** A record of the weak world. */
  void addForeign(int type, byte[] body) {
    batch.add(type, body);
  }

  void write() {
    if (!batch.isEmpty()) {
      batchBytesMax = Math.max(batchBytesMax, batch.bytes());
      long end = done(() -> journal.append(batch));
      batch.clear();
      given.replaceAll(
          each -> each.end == Given.UNWRITTEN ? new Given(each.last, each.restart, end) : each);
    }
  }

  /** Syncs what is written. */
  void sync() {
    JournalTask.Sync task = done(journal::beginSync);
    task.run();
    finish(task);
  }

  /** Syncs what is written, while more is being written. */
  void syncBeside(Runnable more) {
    JournalTask.Sync task = done(journal::beginSync);
    more.run();
    task.run();
    finish(task);
  }

  private void finish(JournalTask.Sync task) {
    done(() -> {
      journal.finish(task);
      return task;
    });
    long position = journal.syncedPosition();
    while (!given.isEmpty() && given.getFirst().end <= position) {
      Given next = given.removeFirst();
      durableIndex = Math.max(durableIndex, next.last);
      if (next.restart) {
        log.onRestarted();
      }
    }
    log.onDurable(durableIndex, position);
  }

  /** Saves where the log begins, and lets go of what is not needed any more. */
  void checkpoint() {
    if (!log.isRestarting()) {
      long base = log.baseIndex();
      saved = new AppliedPoint(base, log.term(base), Configuration.NOBODY);
      savedPosition = log.neededFrom();
      done(() -> {
        journal.truncateBefore(savedPosition);
        return savedPosition;
      });
    }
  }

  // Death and recovery

  /** The machine dies, or only the process, and what is left is recovered. */
  void crash(boolean isMachine) {
    if (isMachine) {
      volume.crash();
    } else {
      volume.killProcess();
    }
    recover();
  }

  void reopen() {
    write();
    sync();
    done(() -> {
      journal.close();
      return journal;
    });
    recover();
  }

  private void recover() {
    MemoryEntryLog before = model;
    batch.clear();
    given = new ArrayList<>();
    log = new JournaledEntryLog(saved.index(), saved.term(), memoryBytesMax, markSpacingBytes);
    model = new MemoryEntryLog(saved.index(), saved.term());
    Recovery recovery = new Recovery(log, saved);
    Recovery modelRecovery = new Recovery(model, saved);
    JournalVisitor visitor =
        new JournalVisitor() {
          @Override
          public void onBatch(long position) {
            log.onRecovering(position);
          }

          @Override
          public void onRecord(long position, int type, ByteBuffer body) {
            if (type > 63) {
              byte[] bytes = new byte[body.remaining()];
              body.get(bytes);
              recovery.recover(LedgerRecordCodec.decode(type, bytes));
              modelRecovery.recover(LedgerRecordCodec.decode(type, bytes));
            }
          }
        };
    journal = done(() -> open(visitor));
    long recoveredBase = model.baseIndex();
    recovery.finish(applied);
    modelRecovery.finish(applied);
    log.onRecovered(journal, journal.endPosition());
    requireNothingLost(before);
    durableIndex = log.lastIndex();
    if (model.baseIndex() > recoveredBase) {
      onRestartGiven(new Restarted(applied));
    }
  }

  private void requireNothingLost(MemoryEntryLog before) {
    assertThat(model.lastIndex()).isGreaterThanOrEqualTo(durableIndex);
    for (long index = Math.max(model.baseIndex(), before.baseIndex()) + 1;
        index <= durableIndex;
        index++) {
      assertThat(model.entry(index)).isEqualTo(before.entry(index));
    }
  }

  // What must hold

  /** What may be in memory: the budget, or what is not durable, and one batch that was read. */
  void requireBounded() {
    long notDurable = 0;
    for (long index = durableIndex + 1; index <= model.lastIndex(); index++) {
      notDurable += model.entry(index).size() + EntryWindow.OVERHEAD_BYTES;
    }
    assertThat(log.memoryBytes())
        .isLessThanOrEqualTo(Math.max(memoryBytesMax, notDurable) + 3 * batchBytesMax);
  }

  @FunctionalInterface
  private interface DiskWork<T> {
    T run() throws IOException;
  }

  private static <T> T done(DiskWork<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
