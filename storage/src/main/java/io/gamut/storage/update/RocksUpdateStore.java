package io.gamut.storage.update;

import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import io.gamut.storage.rocks.RocksTables;
import io.gamut.storage.rocks.RocksTables.Batch;
import io.gamut.storage.rocks.StoreFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Updates and view in RocksDB, for more than memory holds.
 *
 * <p>What the replica's thread does is gathered, shown to other threads at {@link #commit}, and
 * written as one batch at a commit that finds {@value #COMMITTED_PAIRS_MAX} pairs or {@value
 * #COMMITTED_BYTES_MAX} bytes gathered: a write of a few rows costs RocksDB nearly as much as one
 * of many. What was not written is lost with the process, as is what RocksDB has in its memory; the
 * journal has both. A batch that grows past {@value #GATHERED_BYTES_MAX} bytes between two commits
 * is written before the second, and so is one that stands in the way of a read over rows: other
 * threads may see an update early, in the order of showing all the same. {@link SharedView} has the
 * argument why. No value is stored twice: the view names the update that won a key, and the log
 * holds its content.
 *
 * <p><b>Why a flush at any time is harmless.</b> RocksDB writes its memory to files when that is
 * full, not only at a checkpoint. A crash then leaves the effect of a prefix of the batches that is
 * longer than the checkpoint's; the replica repeats what its journal holds behind the checkpoint.
 * Repeating is harmless: {@code append} writes the same row again; an update that was dropped comes
 * back, and {@code show} finds in the view what overtook it, marks it as overtaken once more, and
 * it is dropped again; one that stands in the view is met by its own dot, and nothing changes. The
 * view only ever moves to what overtakes, so no winner is among the overtaken. An update that was
 * received before the checkpoint, but shown and dropped after it, is missing at the repetition: the
 * view already holds what overtook it, and the replica passes over it as over any gap. One that was
 * discarded, came again and was shown is discarded once more, but for the row that the view names;
 * the journal then brings it again. This needs one thing from the outside: <em>what is appended
 * here is durable in the journal first</em>. Where a server promises less, a crash of the machine
 * may leave more here than in the journal; such a server keeps its state beside every write ({@link
 * #keepBeside}), so that what is left here and {@link #checkpointed} always fit together.
 *
 * <p>After a failed write the store is of no use any more: every failure is an {@link
 * java.io.UncheckedIOException} or an {@link IllegalStateException}, and the server must stop.
 *
 * <p>Thread rules: as the port says. The replica may move to another thread after a commit.
 */
public final class RocksUpdateStore implements UpdateStore {
  static final int FORMAT = 2;

  private static final int FORMAT_1 = 1;

  /** Pairs gathered from which on a commit writes them. */
  private static final int COMMITTED_PAIRS_MAX = 64;

  /** Bytes gathered from which on a commit writes them. */
  private static final long COMMITTED_BYTES_MAX = 64 << 10;

  /** Bytes gathered before they are written without a commit. */
  private static final long GATHERED_BYTES_MAX = 4 << 20;

  private static final int DISCARDED_AT_ONCE_MAX = 10_000;
  private static final int SHOW_BYTES = 128;
  private static final byte[] STATE_ROW = "state".getBytes(StandardCharsets.US_ASCII);

  private final RocksTables tables;
  private final SharedView view;
  private final RecentUpdates recent;

  private Map<Dot, Update> appended = new HashMap<>();
  private Map<Key, Pair> shown = new HashMap<>();
  private Set<Overtaking> overtaken = new HashSet<>();
  private byte @Nullable [] state;
  private @Nullable Supplier<byte[]> beside;
  private long gatheredBytes;

  /** Whether other threads see everything in {@code shown}. */
  private boolean isRevealed = true;

  private volatile @Nullable Thread writer;

  private final OvertakenRows overtakenRows;

  private RocksUpdateStore(RocksTables tables, RocksStoreOptions options) {
    this.tables = tables;
    view = new SharedView(tables, options.rocks());
    overtakenRows = new OvertakenRows(tables);
    recent = new RecentUpdates(options.recentBytes());
  }

  /**
   * Opens the store in a directory, or makes a new one there. Throws {@link IOException} if it is
   * in use, damaged, or of a format that is not known here.
   */
  public static RocksUpdateStore open(Path directory, RocksStoreOptions options)
      throws IOException {
    RocksTables tables = new RocksTables(directory, options.rocks(), UpdateTable.ALL);
    try {
      requireFormat(tables);
      return new RocksUpdateStore(tables, options);
    } catch (IOException | RuntimeException e) {
      tables.close();
      throw e;
    }
  }

  private static void requireFormat(RocksTables tables) throws IOException {
    StoreFormat format = new StoreFormat(tables, UpdateTable.META, FORMAT);
    if (format.is(FORMAT_1)) {
      OvertakenOfFormat1.convert(tables);
      format.mark();
    }
    format.require();
  }

  @Override
  public void append(Update update) {
    writer = Thread.currentThread();
    appended.put(update.dot(), update);
    recent.add(update);
    gathered(update.size());
  }

  @Override
  public @Nullable Pair show(Update update) {
    writer = Thread.currentThread();
    Pair before = lookup(update.key());
    if (before == null || before.isOvertakenBy(update.version(), update.dot())) {
      shown.put(update.key(), SharedView.pair(update));
      isRevealed = false;
      if (before != null) {
        overtake(update.dot(), before.dot());
      }
    } else if (!before.dot().equals(update.dot())) {
      overtake(before.dot(), update.dot());
    }
    gathered(SHOW_BYTES + update.key().bytes().length);
    return before;
  }

  private void overtake(Dot winner, Dot loser) {
    overtaken.add(new Overtaking(winner, loser));
    overtakenRows.onAdded(winner);
  }

  private void gathered(int bytes) {
    gatheredBytes += bytes;
    if (gatheredBytes >= GATHERED_BYTES_MAX) {
      write();
    }
  }

  @Override
  public @Nullable Update find(Dot dot) {
    Update known = appended.get(dot);
    if (known == null) {
      known = recent.find(dot);
    }
    if (known != null) {
      return known;
    }
    byte[] row = tables.latest().get(UpdateTable.LOG, Rows.dot(dot));
    return row == null ? null : Rows.update(row);
  }

  @Override
  public List<Update> read(Origin origin, long first, long last, int bytesMax) {
    Taking taking = new Taking(bytesMax);
    long next = first;
    while (next <= last && !taking.isFull()) {
      Update known = recent.find(new Dot(origin, next));
      if (known == null) {
        break;
      }
      taking.add(known);
      next++;
    }
    if (next <= last && !taking.isFull()) {
      write();
      readTables(origin, next, last, taking);
    }
    return taking.updates;
  }

  private void readTables(Origin origin, long first, long last, Taking taking) {
    tables
        .latest()
        .each(
            UpdateTable.LOG,
            Rows.dot(new Dot(origin, first)),
            (key, row) -> {
              Dot dot = Rows.dot(key);
              boolean isMeant = dot.origin().equals(origin) && dot.sequence() <= last;
              if (isMeant) {
                taking.add(Rows.update(row));
              }
              return isMeant && dot.sequence() < last && !taking.isFull();
            });
  }

  /** Updates up to a number of bytes, the one that reaches it included. */
  private static final class Taking {
    final List<Update> updates = new ArrayList<>();
    private long bytesLeft;

    Taking(long bytesMax) {
      bytesLeft = bytesMax;
    }

    void add(Update update) {
      updates.add(update);
      bytesLeft -= update.size();
    }

    boolean isFull() {
      return !updates.isEmpty() && bytesLeft <= 0;
    }
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    if (Thread.currentThread().equals(writer)) {
      Pair uncommitted = shown.get(key);
      if (uncommitted != null) {
        return uncommitted;
      }
    }
    return view.lookup(key);
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    if (Thread.currentThread().equals(writer)) {
      write();
    }
    return view.scan(after, limit);
  }

  @Override
  public int dropOvertaken(VersionVector through, int limit) {
    if (limit < 1 || !overtakenRows.mayWait(through)) {
      return 0;
    }
    write();
    List<Overtaking> found = overtakenRows.find(through, limit);
    if (found.isEmpty()) {
      return 0;
    }
    List<Dot> dropped = new ArrayList<>();
    tables.write(batch -> {
      for (Overtaking each : found) {
        batch.delete(UpdateTable.OVERTAKEN, Rows.overtaking(each));
        if (through.covers(each.loser())) {
          batch.delete(UpdateTable.LOG, Rows.dot(each.loser()));
          dropped.add(each.loser());
        } else {
          overtakenRows.onAdded(each.loser());
          batch.put(UpdateTable.OVERTAKEN, Rows.overtaking(each.waitingForLoser()), new byte[0]);
        }
      }
      putStateBeside(batch);
    });
    dropped.forEach(recent::remove);
    return dropped.size();
  }

  @Override
  public void discard(VersionVector remaining, VersionVector received) {
    write();
    received.forEach((origin, last) -> {
      long next = remaining.get(origin) + 1;
      while (next <= last) {
        next = discardSome(origin, next, last);
      }
    });
  }

  /** Discards a bounded number of an origin's updates; where to go on. */
  private long discardSome(Origin origin, long first, long last) {
    List<Dot> discarded = new ArrayList<>();
    long next = findNotShown(origin, first, last, discarded);
    tables.write(batch -> {
      for (Dot dot : discarded) {
        batch.delete(UpdateTable.LOG, Rows.dot(dot));
      }
      putStateBeside(batch);
    });
    discarded.forEach(recent::remove);
    return next;
  }

  private long findNotShown(Origin origin, long first, long last, List<Dot> found) {
    long[] next = {last + 1};
    tables
        .latest()
        .each(
            UpdateTable.LOG,
            Rows.dot(new Dot(origin, first)),
            Rows.behind(new Dot(origin, last)),
            (key, row) -> {
              Dot dot = Rows.dot(key);
              byte[] winner = tables.latest().get(UpdateTable.VIEW, Rows.update(row).key().bytes());
              if (winner == null || !Rows.winner(winner).dot().equals(dot)) {
                found.add(dot);
              }
              boolean isEnough = found.size() >= DISCARDED_AT_ONCE_MAX;
              next[0] = isEnough ? dot.sequence() + 1 : next[0];
              return !isEnough;
            });
    return next[0];
  }

  /** Below fsync rows are never taken away without the state that knows why. */
  private void putStateBeside(Batch batch) throws RocksDBException {
    if (beside != null) {
      batch.put(UpdateTable.META, STATE_ROW, beside.get());
    }
  }

  @Override
  public void commit() {
    writer = Thread.currentThread();
    if (shown.size() >= COMMITTED_PAIRS_MAX || gatheredBytes >= COMMITTED_BYTES_MAX) {
      write();
    } else if (!isRevealed) {
      view.reveal(new HashMap<>(shown));
      isRevealed = true;
    }
  }

  /**
   * From now on every write has a state beside it, as a checkpoint has, but without waiting for the
   * disk: after a crash {@link #checkpointed} gives the state that belongs to what is left.
   *
   * @param source gives the state of the moment, also in the middle of a step: it must say of no
   *     update that it is received or visible that has not been given to this store
   */
  public void keepBeside(Supplier<byte[]> source) {
    beside = source;
  }

  private void writeWith(byte[] withState) {
    writer = Thread.currentThread();
    state = withState.clone();
    write();
  }

  private void write() {
    if (appended.isEmpty() && shown.isEmpty() && overtaken.isEmpty() && state == null) {
      return;
    }
    if (state == null && beside != null) {
      state = beside.get();
    }
    view.publish(shown, this::fill);
    appended = new HashMap<>();
    shown = new HashMap<>();
    overtaken = new HashSet<>();
    state = null;
    gatheredBytes = 0;
    isRevealed = true;
  }

  private void fill(Batch batch) throws RocksDBException {
    for (Update update : appended.values()) {
      batch.put(UpdateTable.LOG, Rows.dot(update.dot()), Rows.update(update));
    }
    for (Pair pair : shown.values()) {
      batch.put(UpdateTable.VIEW, pair.key().bytes(), Rows.winner(pair));
    }
    for (Overtaking each : overtaken) {
      batch.put(UpdateTable.OVERTAKEN, Rows.overtaking(each), new byte[0]);
    }
    if (state != null) {
      batch.put(UpdateTable.META, STATE_ROW, state);
    }
  }

  @Override
  public void checkpoint(byte[] withState) {
    writeWith(withState);
    tables.flush();
  }

  /**
   * Commits and writes at once, and flushes on a thread of the store. When the future completes,
   * all up to this commit is synced, and the journal before it is not needed any more; if it fails,
   * the journal must stay and the server must stop.
   */
  public CompletableFuture<Void> checkpointAsync(byte[] withState) {
    writeWith(withState);
    return tables.flushLater();
  }

  /** The state of the last commit that had one, of those that a crash left. */
  @Override
  public byte @Nullable [] checkpointed() {
    return tables.latest().get(UpdateTable.META, STATE_ROW);
  }

  /** Roughly how many keys there are, tombstones too. Cheap; any thread. */
  public long keysEstimate() {
    return tables.keysEstimate(UpdateTable.VIEW);
  }

  /** Bytes of the store's files. Cheap; any thread. */
  public long fileBytes() {
    return tables.fileBytes();
  }

  /** Closes without a checkpoint, as a crash would, once a running checkpoint has ended. */
  @Override
  public void close() {
    tables.close();
  }
}
