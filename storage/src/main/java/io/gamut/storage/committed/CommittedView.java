package io.gamut.storage.committed;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Limits;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import io.gamut.storage.rocks.ReadCache;
import io.gamut.storage.rocks.ReadCache.Reading;
import io.gamut.storage.rocks.RocksOptions;
import io.gamut.storage.rocks.RocksTables;
import io.gamut.storage.rocks.RocksTables.Batch;
import io.gamut.storage.rocks.RocksTables.Moment;
import io.gamut.storage.rocks.RocksTables.Writing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The committed pairs as all threads see them: what is not written yet, the cache, the tables,
 * asked in this order. One thread reveals and writes, any thread reads.
 *
 * <p><b>What is shown at a moment.</b> All that readers need beside the tables is one object,
 * {@link Shown}, in one volatile field: the changes that are not written yet, the position they
 * lead to, and how many batches were written before. A commit replaces it by one with more changes
 * and a later position. So the changes of a commit and its position become visible together, and
 * whoever has read a position finds everything up to there. Only after the tables and the cache
 * have all changes is it replaced by one without them, of the same position, that counts one batch
 * more.
 *
 * <p><b>Why the mark of a lookup is right</b> (a position between the call and the return at which
 * the store showed that row). A lookup reads Shown, call it <i>a</i>. If <i>a</i> holds the key,
 * its row is the one at <i>a</i>'s position. Otherwise the lookup reads the cache or the tables,
 * then Shown again, <i>b</i>. Say <i>b</i> counts as many batches as <i>a</i>, and does not hold
 * the key. Up to <i>b</i> changes were only added, so the key has the same row at <i>a</i>'s
 * position as at <i>b</i>'s, and it is not among the changes that were being written, if any were:
 * those all stand in <i>b</i>. Hence the tables' row of the key was the same all the time, and
 * holds all before <i>a</i>, since what <i>a</i> lacks was written before <i>a</i> was set. The
 * cache is never older than the tables, but for keys whose writing is not over ({@link ReadCache}
 * has the argument), and never newer. So what was read is the row at <i>a</i>'s position. If the
 * batches differ, or <i>b</i> holds the key, the lookup begins again with <i>b</i>. It does so only
 * if the key was changed or a batch ended meanwhile: rarely twice, as a batch gathers many commits.
 *
 * <p>As every lookup returns what was shown at one moment between its call and its return, no
 * reader sees a key go back. For the same reason a removed row does not come back.
 *
 * <p><b>What is hidden</b> ({@link Horizon}) is part of Shown too, and is laid over whatever row
 * was found: over changes, the cache and the tables alike. So a range tombstone, or a raised floor,
 * is shown with its commit, and no matter when rows are removed behind it. They are removed only
 * after Shown has hidden them and a batch has been written since: who began before that finds that
 * the batches differ.
 *
 * <p><b>Why a scan is of one moment.</b> The same way: Shown, a snapshot of the tables, Shown
 * again. If both count the same batches, the snapshot has all of these, and perhaps one more, all
 * of whose changes stand in the second Shown. Laid over the snapshot, its changes give what is
 * shown at its position.
 */
final class CommittedView {
  private static final byte[] FIRST = {};

  /** Behind all keys. */
  private static final byte[] END = new byte[Limits.KEY_BYTES_MAX + 1];

  static {
    Arrays.fill(END, (byte) -1);
  }

  private final RocksTables tables;
  private final Reading<Row> stored;
  private final ReadCache<Row> cache;
  private volatile Shown shown;

  /** What the tables say is hidden; for the one thread. */
  private Horizon written;

  private byte[] swept = FIRST;

  /**
   * What is shown beside the tables.
   *
   * @param changes not written yet; never changed once they are here
   * @param horizon hides rows, of the changes and of the tables alike
   * @param position to which the ledger has been applied, these changes included
   * @param batches how many batches are in the tables
   */
  private record Shown(Map<Key, Change> changes, Horizon horizon, long position, long batches) {}

  CommittedView(RocksTables tables, RocksOptions options, long position, Horizon horizon) {
    this(tables, options, position, horizon, key -> read(tables, key));
  }

  /**
   * With another way to read the tables.
   *
   * @param stored gives a key's row, as {@link #read} does
   */
  CommittedView(
      RocksTables tables,
      RocksOptions options,
      long position,
      Horizon horizon,
      Reading<Row> stored) {
    this.tables = tables;
    this.stored = stored;
    cache = new ReadCache<>(options, Row::content);
    shown = new Shown(new HashMap<>(), horizon, position, 0);
    written = horizon;
  }

  /**
   * Shows changes to all readers at one moment. For the one thread.
   *
   * @param changes not changed by anybody from now on
   */
  void reveal(Map<Key, Change> changes, Horizon horizon, long position) {
    Shown before = shown;
    Map<Key, Change> all = changes;
    if (!before.changes().isEmpty()) {
      all = new HashMap<>(before.changes());
      all.putAll(changes);
    }
    shown = new Shown(all, horizon, position, before.batches());
  }

  /** Keys whose changes are not written yet. */
  int unwritten() {
    return shown.changes().size();
  }

  /**
   * Writes all that is shown. For the one thread.
   *
   * @param rest written in the same batch
   */
  void write(Writing rest) {
    Shown gathered = shown;
    Horizon horizon = gathered.horizon();
    tables.write(batch -> {
      if (horizon.cleared().isAfter(written.cleared())) {
        batch.deleteRange(CommittedTable.PAIRS, FIRST, END);
      }
      fill(batch, gathered.changes(), horizon);
      rest.into(batch);
    });
    written = horizon;
    gathered.changes().forEach((key, change) -> cache.onWritten(key, change.row()));
    shown = new Shown(new HashMap<>(), horizon, gathered.position(), gathered.batches() + 1);
  }

  private static void fill(Batch batch, Map<Key, Change> changes, Horizon horizon)
      throws RocksDBException {
    for (Map.Entry<Key, Change> each : changes.entrySet()) {
      Row row = horizon.shown(each.getValue().row());
      if (row == null) {
        batch.delete(CommittedTable.PAIRS, each.getKey().bytes());
      } else {
        batch.put(CommittedTable.PAIRS, each.getKey().bytes(), CommittedRows.row(row));
      }
    }
  }

  /**
   * Removes hidden rows from the tables. For the one thread, when all is written: a crash must not
   * leave the tables without a row that their state does not hide.
   *
   * @return whether the end of all keys was reached
   */
  boolean sweep(int rowsMax) {
    List<byte[]> hidden = new ArrayList<>();
    int[] rows = {0};
    byte[][] last = {FIRST};
    tables
        .latest()
        .each(
            CommittedTable.PAIRS,
            swept,
            (key, row) -> {
              if (written.hides(CommittedRows.row(row))) {
                hidden.add(key);
              }
              last[0] = key;
              return ++rows[0] < rowsMax;
            });
    if (!hidden.isEmpty()) {
      tables.write(batch -> {
        for (byte[] key : hidden) {
          batch.delete(CommittedTable.PAIRS, key);
        }
      });
    }
    boolean isEnd = rows[0] < rowsMax;
    swept = isEnd ? FIRST : RocksTables.successor(last[0]);
    return isEnd;
  }

  long position() {
    return shown.position();
  }

  Horizon horizon() {
    return shown.horizon();
  }

  /** What keys without a row count as tombstones of. */
  Version base() {
    return shown.horizon().base();
  }

  /**
   * The row that is shown at a key, or null. For the one thread, which sees no change meanwhile.
   */
  @Nullable Row find(Key key) {
    Change change = shown.changes().get(key);
    return change != null ? change.row() : cache.get(key, stored);
  }

  /** The row that the tables hold at a key, or null. */
  static @Nullable Row read(RocksTables tables, Key key) {
    byte[] row = tables.latest().get(CommittedTable.PAIRS, key.bytes());
    return row == null ? null : CommittedRows.row(row);
  }

  /** The key's pair, or null. */
  @Nullable Pair lookup(Key key) {
    Shown now = shown;
    while (true) {
      Change change = now.changes().get(key);
      if (change != null) {
        return pair(key, change.row(), now);
      }
      Row found = cache.get(key, stored);
      Shown after = shown;
      if (after.batches() == now.batches() && !after.changes().containsKey(key)) {
        return pair(key, found, now);
      }
      now = after;
    }
  }

  /** A row as it is shown; without one the tombstone that stands for it, if there is a base. */
  private static @Nullable Pair pair(Key key, @Nullable Row row, Shown at) {
    Row found = at.horizon().shown(row);
    Version base = at.horizon().base();
    LedgerPosition mark = new LedgerPosition(at.position());
    if (found != null) {
      return new Pair(key, found.content(), found.version(), mark);
    }
    return base.equals(Version.NONE)
        ? null
        : new Pair(key, Content.Tombstone.TOMBSTONE, base, mark);
  }

  /** Pairs as they stood together at one moment. */
  List<Pair> scan(@Nullable Key after, int limit) {
    while (true) {
      Shown before = shown;
      Optional<List<Pair>> pairs =
          tables.atOneMoment(moment -> {
            Shown now = shown;
            return now.batches() == before.batches()
                ? Optional.of(scan(after, limit, moment, now))
                : Optional.empty();
          });
      if (pairs.isPresent()) {
        return pairs.get();
      }
    }
  }

  private static List<Pair> scan(@Nullable Key after, int limit, Moment moment, Shown now) {
    SortedMap<Key, Pair> pairs = stored(after, limit, moment, now);
    now.changes()
        .forEach((key, change) -> {
          Row row = now.horizon().shown(change.row());
          Pair pair = row == null ? null : pair(key, row, now);
          if (pair != null && (after == null || key.compareTo(after) > 0)) {
            pairs.put(key, pair);
          }
        });
    return pairs.values().stream().limit(limit).toList();
  }

  /** The first pairs of the tables that no change has taken the place of. */
  private static SortedMap<Key, Pair> stored(
      @Nullable Key after, int limit, Moment moment, Shown now) {
    TreeMap<Key, Pair> pairs = new TreeMap<>();
    byte[] first = after == null ? new byte[0] : RocksTables.successor(after.bytes());
    moment.each(
        CommittedTable.PAIRS,
        first,
        (bytes, row) -> {
          Key key = Key.of(bytes);
          Row found = now.horizon().shown(CommittedRows.row(row));
          if (found != null && pairs.size() < limit && !now.changes().containsKey(key)) {
            LedgerPosition mark = new LedgerPosition(now.position());
            pairs.put(key, new Pair(key, found.content(), found.version(), mark));
          }
          return pairs.size() < limit;
        });
    return pairs;
  }
}
