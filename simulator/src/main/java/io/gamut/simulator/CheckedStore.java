package io.gamut.simulator;

import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import io.gamut.storage.update.MemoryUpdateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store that tells a judge what is shown, and keeps a hash of the view as it changes. */
public final class CheckedStore implements UpdateStore {
  private final NodeId node;
  private final MemoryUpdateStore store;
  private final Watcher watcher;

  /** Is told what becomes of updates. */
  public interface Watcher {
    /** A replica shows an update; {@code view} is what it shows after that. */
    void onShown(NodeId node, Update update, Function<Key, @Nullable Pair> view);

    /** A replica lets go of an update that it never showed. */
    void onDiscarded(NodeId node, Dot dot);
  }

  private final List<Update> shown = new ArrayList<>();
  private long viewHash;

  public CheckedStore(NodeId node, MemoryUpdateStore store, Watcher watcher) {
    this.node = node;
    this.watcher = watcher;
    this.store = store;
    store.scan(null, Integer.MAX_VALUE).forEach(pair -> viewHash ^= hash(pair));
  }

  private static long hash(@Nullable Pair pair) {
    if (pair == null) {
      return 0;
    }
    long hash = 31L * pair.key().hashCode() + pair.version().hashCode();
    hash = 31 * hash + pair.content().hashCode();
    return hash * 0x9E3779B97F4A7C15L;
  }

  public long viewHash() {
    return viewHash;
  }

  public MemoryUpdateStore store() {
    return store;
  }

  /**
   * Tells what was shown since the last time; not while the view is on its way.
   *
   * @param view what the replica shows by now
   */
  public void tellShown(Function<Key, @Nullable Pair> view) {
    for (Update update : shown) {
      watcher.onShown(node, update, view);
    }
    shown.clear();
  }

  @Override
  public @Nullable Pair show(Update update) {
    shown.add(update);
    Pair before = store.show(update);
    viewHash ^= hash(before) ^ hash(store.lookup(update.key()));
    return before;
  }

  @Override
  public void append(Update update) {
    store.append(update);
  }

  @Override
  public @Nullable Update find(Dot dot) {
    return store.find(dot);
  }

  @Override
  public List<Update> read(Origin origin, long first, long last, int bytesMax) {
    return store.read(origin, first, last, bytesMax);
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
  public int dropOvertaken(VersionVector through, int limit) {
    return store.dropOvertaken(through, limit);
  }

  @Override
  public void discard(VersionVector remaining, VersionVector received) {
    List<Update> before = List.copyOf(store.updates());
    store.discard(remaining, received);
    for (Update update : before) {
      if (store.find(update.dot()) == null) {
        watcher.onDiscarded(node, update.dot());
      }
    }
  }

  @Override
  public void commit() {
    store.commit();
  }

  @Override
  public void checkpoint(byte[] state) {
    store.checkpoint(state);
  }

  @Override
  public byte @Nullable [] checkpointed() {
    return store.checkpointed();
  }

  @Override
  public void close() {
    store.close();
  }
}
