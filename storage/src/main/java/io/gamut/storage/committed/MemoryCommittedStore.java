package io.gamut.storage.committed;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import io.gamut.storage.committed.ReplyRanges.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for the simulator and for tests: what a crash takes from it is decided by the
 * test ({@link #afterCrash}).
 *
 * <p>For one thread, unlike what the port allows.
 */
public final class MemoryCommittedStore implements CommittedStore {
  private Committed committed;
  private Committed saved;
  private Map<Key, Change> changes = new HashMap<>();
  private ReplyChanges replyChanges = new ReplyChanges();
  private Horizon horizon;
  private @Nullable Key swept;

  /** What was committed. */
  private static final class Committed {
    final TreeMap<Key, Row> rows = new TreeMap<>();
    final TreeMap<ReplyName, byte[]> replies = new TreeMap<>();
    Horizon horizon = Horizon.NONE;
    long position;
    byte @Nullable [] state;

    Committed copy() {
      Committed copy = new Committed();
      copy.rows.putAll(rows);
      copy.replies.putAll(replies);
      copy.horizon = horizon;
      copy.position = position;
      copy.state = state;
      return copy;
    }
  }

  /** An empty store. */
  public MemoryCommittedStore() {
    this(new Committed(), new Committed());
  }

  private MemoryCommittedStore(Committed committed, Committed saved) {
    this.committed = committed;
    this.saved = saved;
    horizon = committed.horizon;
  }

  /** The store as a crash leaves it: what the last checkpoint held, and nothing else. */
  public MemoryCommittedStore afterCrash() {
    return new MemoryCommittedStore(saved.copy(), saved);
  }

  /** The store as a crash leaves it that happens to have every commit on its disk. */
  public MemoryCommittedStore afterCrashWithAll() {
    return new MemoryCommittedStore(committed.copy(), saved);
  }

  /** Everything that is committed, as a snapshot carries it. */
  public MemoryCommittedStore snapshot() {
    return new MemoryCommittedStore(committed.copy(), new Committed());
  }

  /** Puts a snapshot in the place of all that is here, durably. Nothing may be uncommitted. */
  public void install(MemoryCommittedStore snapshot) {
    RocksCommittedStore.requireNotBefore(committed.position, snapshot.committed.position);
    if (!changes.isEmpty()) {
      throw new IllegalStateException("changes of " + changes.keySet() + " are not committed");
    }
    committed = snapshot.committed.copy();
    horizon = committed.horizon;
    saved = committed.copy();
  }

  @Override
  public @Nullable Row find(Key key) {
    Change change = changes.get(key);
    return horizon.shown(change != null ? change.row() : committed.rows.get(key));
  }

  @Override
  public void put(Key key, Row row) {
    changes.put(key, new Change(row));
  }

  @Override
  public void remove(Key key) {
    changes.put(key, Change.REMOVED);
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
    List<Key> keys =
        (swept == null ? committed.rows : committed.rows.tailMap(swept, false))
            .keySet().stream().limit(rowsMax).toList();
    for (Key key : keys) {
      committed.rows.computeIfPresent(key, (_, row) -> committed.horizon.shown(row));
    }
    swept = keys.size() < rowsMax ? null : keys.getLast();
    return swept == null;
  }

  @Override
  public byte @Nullable [] findReply(long proposer, long number) {
    ReplyName name = new ReplyName(proposer, number);
    return replyChanges.decide(name) ? replyChanges.find(name) : committed.replies.get(name);
  }

  @Override
  public void putReply(long proposer, long number, byte[] reply) {
    replyChanges.put(new ReplyName(proposer, number), reply);
  }

  @Override
  public void removeReplies(long proposer, long first, long last) {
    long least = Math.max(0, first);
    if (least <= last) {
      replyChanges.remove(new Range(proposer, least, last));
    }
  }

  @Override
  public void commit(long position, byte[] state) {
    RocksCommittedStore.requireNotBefore(committed.position, position);
    changes.forEach((key, change) -> {
      Row row = change.row();
      if (row == null) {
        committed.rows.remove(key);
      } else {
        committed.rows.put(key, row);
      }
    });
    if (horizon.cleared().isAfter(committed.horizon.cleared())) {
      committed.rows.values().removeIf(row -> !row.version().isAfter(horizon.cleared()));
    }
    committed.horizon = horizon;
    replyChanges.applyTo(committed.replies);
    committed.position = position;
    committed.state = state.clone();
    changes = new HashMap<>();
    replyChanges = new ReplyChanges();
  }

  @Override
  public byte @Nullable [] state() {
    byte[] state = committed.state;
    return state == null ? null : state.clone();
  }

  @Override
  public long position() {
    return committed.position;
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    Row row = committed.horizon.shown(committed.rows.get(key));
    if (row == null && base().equals(Version.NONE)) {
      return null;
    }
    return pair(key, row == null ? new Row(base(), Content.Tombstone.TOMBSTONE) : row);
  }

  @Override
  public Version base() {
    return committed.horizon.base();
  }

  private Pair pair(Key key, Row row) {
    return new Pair(key, row.content(), row.version(), new LedgerPosition(committed.position));
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    return (after == null ? committed.rows : committed.rows.tailMap(after, false))
        .entrySet().stream()
            .filter(each -> !committed.horizon.hides(each.getValue()))
            .limit(limit)
            .map(each -> pair(each.getKey(), each.getValue()))
            .toList();
  }

  @Override
  public void checkpoint() {
    saved = committed.copy();
  }

  @Override
  public void close() {}
}
