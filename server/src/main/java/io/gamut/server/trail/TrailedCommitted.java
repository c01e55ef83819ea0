package io.gamut.server.trail;

import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Committed state of which a trail hears what is put. */
public final class TrailedCommitted implements CommittedStore {
  private final CommittedStore store;
  private final Trail trail;
  private Version cleared;

  public TrailedCommitted(CommittedStore store, Trail trail) {
    this.store = store;
    this.trail = trail;
    cleared = store.horizon().cleared();
  }

  @Override
  public void put(Key key, Row row) {
    store.put(key, row);
    trail.onApplied(key, row);
  }

  @Override
  public void hide(Horizon horizon) {
    store.hide(horizon);
    if (horizon.cleared().isAfter(cleared)) {
      cleared = horizon.cleared();
      trail.onCleared(cleared);
    }
  }

  @Override
  public void commit(long position, byte[] state) {
    store.commit(position, state);
    trail.onCommit();
  }

  @Override
  public @Nullable Row find(Key key) {
    return store.find(key);
  }

  @Override
  public void remove(Key key) {
    store.remove(key);
  }

  @Override
  public Horizon horizon() {
    return store.horizon();
  }

  @Override
  public boolean sweep(int rowsMax) {
    return store.sweep(rowsMax);
  }

  @Override
  public byte @Nullable [] findReply(long proposer, long number) {
    return store.findReply(proposer, number);
  }

  @Override
  public void putReply(long proposer, long number, byte[] reply) {
    store.putReply(proposer, number, reply);
  }

  @Override
  public void removeReplies(long proposer, long first, long last) {
    store.removeReplies(proposer, first, last);
  }

  @Override
  public byte @Nullable [] state() {
    return store.state();
  }

  @Override
  public void checkpoint() {
    store.checkpoint();
  }

  @Override
  public long position() {
    return store.position();
  }

  @Override
  public Version base() {
    return store.base();
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    return store.lookup(key);
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    return store.scan(after, limit);
  }

  @Override
  public void close() {
    store.close();
  }
}
