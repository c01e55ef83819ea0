package io.gamut.server.trail;

import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Updates of which a trail hears what is shown. */
public record TrailedUpdates(UpdateStore store, Trail trail) implements UpdateStore {
  @Override
  public @Nullable Pair show(Update update) {
    Pair before = store.show(update);
    trail.onShown(update);
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
    store.discard(remaining, received);
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
