package io.gamut.storage.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import io.gamut.storage.committed.CommittedRows.Applied;
import io.gamut.storage.committed.ReplyRanges.Range;
import io.gamut.storage.rocks.RocksOptions;
import io.gamut.storage.rocks.RocksTables;
import io.gamut.storage.rocks.RocksTables.Batch;
import io.gamut.storage.rocks.StoreCorruptException;
import io.gamut.storage.rocks.StoreFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The committed state in RocksDB, for more than memory holds.
 *
 * <p>What the replica's thread does is kept in memory, shown to other threads at {@link #commit},
 * and written as one batch at a commit that finds {@value #GATHERED_PAIRS_MAX} pairs or {@value
 * #GATHERED_BYTES_MAX} bytes gathered: a write of a few rows costs RocksDB nearly as much as one of
 * many. {@link CommittedView} has the argument why readers see commits whole and in order.
 *
 * <p><b>Why a crash leaves the store as after some commit.</b> A batch is written at a commit, a
 * checkpoint or a {@linkplain #saveTo save}, and holds all of the commits since the batch before,
 * with position and state of the last one, and nothing that was done after it. RocksDB brings its
 * memory to files when it likes, but all column families together, so that a prefix of the batches
 * is left. Hence what is done between two commits stays in memory, however much it is: the caller
 * bounds it by committing.
 *
 * <p>After a failed write the store is of no use any more: every failure is an {@link
 * java.io.UncheckedIOException} or an {@link IllegalStateException}, and the server must stop.
 *
 * <p>Arrays of replies and of values are not copied: nobody may write into them.
 *
 * <p>Thread rules: as the port says. Of the methods that it does not have, {@link #keysEstimate}
 * and {@link #fileBytes} may be called by any thread.
 */
public final class RocksCommittedStore implements CommittedStore {
  static final int FORMAT = 1;

  /** Pairs gathered from which on a commit writes them. */
  private static final int GATHERED_PAIRS_MAX = 64;

  /** Bytes gathered from which on a commit writes them. */
  private static final long GATHERED_BYTES_MAX = 64 << 10;

  /** Bytes that a change takes beside key, content or reply. */
  private static final int CHANGE_BYTES = 128;

  /**
   * Numbers up to which a range of replies is removed one by one: cheaper for later reads than a
   * range, which RocksDB looks up at every one of them.
   */
  private static final int REMOVED_ONE_BY_ONE_MAX = 256;

  private static final byte[] HORIZON_ROW = "horizon".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] APPLIED_ROW = "applied".getBytes(StandardCharsets.US_ASCII);

  private final RocksTables tables;
  private final CommittedView view;

  /** Since the last commit. */
  private Map<Key, Change> changes = new HashMap<>();

  private ReplyChanges replyChanges = new ReplyChanges();
  private long changedBytes;

  /** Committed, but not written; with the changes that the view has not written. */
  private ReplyChanges gatheredReplies = new ReplyChanges();

  private long gatheredBytes;
  private boolean isWritten = true;
  private Horizon horizon;

  /** Of the last commit; null before the first. */
  private byte @Nullable [] state;

  private RocksCommittedStore(RocksTables tables, RocksOptions options, @Nullable Applied applied) {
    this.tables = tables;
    horizon = horizon(tables);
    view = new CommittedView(tables, options, applied == null ? 0 : applied.position(), horizon);
    state = applied == null ? null : applied.state();
  }

  /**
   * Opens the store in a directory, or makes a new one there. Throws {@link IOException} if it is
   * in use, damaged, or of a format that is not known here.
   */
  public static RocksCommittedStore open(Path directory, RocksOptions options) throws IOException {
    RocksTables tables = new RocksTables(directory, options, CommittedTable.ALL);
    try {
      new StoreFormat(tables, CommittedTable.META, FORMAT).require();
      return new RocksCommittedStore(tables, options, applied(tables));
    } catch (IOException | RuntimeException e) {
      tables.close();
      throw e;
    }
  }

  private static @Nullable Applied applied(RocksTables tables) throws IOException {
    byte[] row = tables.latest().get(CommittedTable.META, APPLIED_ROW);
    try {
      return row == null ? null : CommittedRows.applied(row);
    } catch (InvalidDataException e) {
      throw new StoreCorruptException(
          "the store in %s is damaged, since it cannot be read how far it has come: %s"
              .formatted(tables.directory(), e.getMessage()),
          e);
    }
  }

  /** None in a store of a release that hid nothing. */
  private static Horizon horizon(RocksTables tables) {
    byte[] row = tables.latest().get(CommittedTable.META, HORIZON_ROW);
    return row == null ? Horizon.NONE : Horizon.read(new BinaryReader(row));
  }

  @Override
  public @Nullable Row find(Key key) {
    Change change = changes.get(key);
    return horizon.shown(change != null ? change.row() : view.find(key));
  }

  @Override
  public void hide(Horizon further) {
    horizon = further;
  }

  @Override
  public Horizon horizon() {
    return horizon;
  }

  @Override
  public boolean sweep(int rowsMax) {
    write();
    return view.sweep(rowsMax);
  }

  @Override
  public void put(Key key, Row row) {
    changes.put(key, new Change(row));
    changedBytes += CHANGE_BYTES + key.bytes().length + row.content().size();
  }

  @Override
  public void remove(Key key) {
    changes.put(key, Change.REMOVED);
    changedBytes += CHANGE_BYTES + key.bytes().length;
  }

  @Override
  public byte @Nullable [] findReply(long proposer, long number) {
    ReplyName name = new ReplyName(proposer, number);
    for (ReplyChanges latest : List.of(replyChanges, gatheredReplies)) {
      if (latest.decide(name)) {
        return latest.find(name);
      }
    }
    return tables.latest().get(CommittedTable.REPLIES, CommittedRows.name(name));
  }

  @Override
  public void putReply(long proposer, long number, byte[] reply) {
    replyChanges.put(new ReplyName(proposer, number), reply);
    changedBytes += CHANGE_BYTES + reply.length;
  }

  @Override
  public void removeReplies(long proposer, long first, long last) {
    long least = Math.max(0, first);
    if (least <= last) {
      replyChanges.remove(new Range(proposer, least, last));
      changedBytes += CHANGE_BYTES;
    }
  }

  /** Throws {@link IllegalArgumentException} if the position is before the last commit's. */
  @Override
  public void commit(long position, byte[] withState) {
    requireNotBefore(view.position(), position);
    state = withState.clone();
    isWritten = false;
    gatheredReplies.addAll(replyChanges);
    gatheredBytes += changedBytes;
    view.reveal(changes, horizon, position);
    changes = new HashMap<>();
    replyChanges = new ReplyChanges();
    changedBytes = 0;
    if (view.unwritten() >= GATHERED_PAIRS_MAX || gatheredBytes >= GATHERED_BYTES_MAX) {
      write();
    }
  }

  static void requireNotBefore(long last, long position) {
    if (position < last) {
      throw new IllegalArgumentException(
          "the ledger was applied up to " + last + ", a commit of " + position + " goes back");
    }
  }

  /** Writes all that is committed, and nothing else. */
  private void write() {
    if (isWritten) {
      return;
    }
    view.write(this::fill);
    gatheredReplies = new ReplyChanges();
    gatheredBytes = 0;
    isWritten = true;
  }

  private void fill(Batch batch) throws RocksDBException {
    for (Range range : gatheredReplies.removed()) {
      removeReplies(batch, range);
    }
    for (Map.Entry<ReplyName, byte[]> each : gatheredReplies.put().entrySet()) {
      batch.put(CommittedTable.REPLIES, CommittedRows.name(each.getKey()), each.getValue());
    }
    if (state != null) {
      Applied applied = new Applied(view.position(), state);
      batch.put(CommittedTable.META, APPLIED_ROW, CommittedRows.applied(applied));
      BinaryWriter hidden = new BinaryWriter();
      view.horizon().write(hidden);
      batch.put(CommittedTable.META, HORIZON_ROW, hidden.toByteArray());
    }
  }

  private static void removeReplies(Batch batch, Range range) throws RocksDBException {
    if (range.last() - range.first() >= REMOVED_ONE_BY_ONE_MAX) {
      byte[] last = CommittedRows.name(range.lastName());
      batch.deleteRange(
          CommittedTable.REPLIES,
          CommittedRows.name(range.firstName()),
          RocksTables.successor(last));
      return;
    }
    for (long number = range.first(); number <= range.last(); number++) {
      ReplyName name = new ReplyName(range.proposer(), number);
      batch.delete(CommittedTable.REPLIES, CommittedRows.name(name));
    }
  }

  @Override
  public byte @Nullable [] state() {
    return state == null ? null : state.clone();
  }

  @Override
  public long position() {
    return view.position();
  }

  @Override
  public Version base() {
    return view.base();
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    return view.lookup(key);
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    return view.scan(after, limit);
  }

  @Override
  public void checkpoint() {
    write();
    tables.flush();
  }

  /**
   * Writes all that is committed at once, and flushes on a thread of the store. When the future
   * completes, all up to this commit is synced, and the ledger's entries up to there are not needed
   * any more; if it fails, they must stay and the server must stop.
   */
  public CompletableFuture<Void> checkpointAsync() {
    write();
    return tables.flushLater();
  }

  /**
   * Saves all that is committed to another directory; what was done since the last commit is not
   * part of it. Opening that directory gives a store that is equal to this one at this {@link
   * #position}: the same pairs, replies and state. Files are hard links where both directories are
   * on one file system, so this costs a flush and little space; later changes of this store do not
   * touch them.
   *
   * <p>The directory appears complete and synced, or not at all. Throws {@link IOException} if it
   * cannot be made, which does this store no harm.
   *
   * @param directory must not exist, and its parent must
   */
  public void saveTo(Path directory) throws IOException {
    checkpoint();
    tables.copyTo(directory);
  }

  /**
   * Saves to another directory as {@link #saveTo}, on a thread of the store. What is saved is the
   * state after a commit: the last one before this call, or one that came while it was under way.
   * If the future fails, this store has taken no harm unless a later call says so.
   */
  public CompletableFuture<Void> saveToAsync(Path directory) {
    write();
    return tables.copyLater(directory);
  }

  /** Roughly how many keys there are, tombstones too. Cheap. */
  public long keysEstimate() {
    return tables.keysEstimate(CommittedTable.PAIRS);
  }

  /** Bytes of the store's files. Cheap. */
  public long fileBytes() {
    return tables.fileBytes();
  }

  /** Closes without a checkpoint, as a crash would, once a running checkpoint has ended. */
  @Override
  public void close() {
    tables.close();
  }
}
