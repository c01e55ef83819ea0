package io.gamut.storage.committed;

import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The committed state, of which all of it can be replaced at one moment: by a snapshot that has
 * come from elsewhere, as a store of its own.
 *
 * <p><b>Why readers see one store or the other, and never an error.</b> The store in use is one
 * volatile field. A read takes it once, and is answered by that store alone; so what it sees was
 * shown at one moment by one store, and its mark is right as {@link CommittedView} argues. {@link
 * #switchTo} sets the field first, and only then may the former store be closed. A store that is
 * closed waits for the reads that are in it, and refuses later ones. A read that is refused
 * therefore finds another store in the field, and begins again there. If it finds the same, the
 * refusal is a true error, and is thrown.
 *
 * <p><b>Why no position goes back.</b> The position of the new store is not before that of the
 * former, which {@link #switchTo} checks. The one thread that commits also switches, so the former
 * store does not move any more. A reader that has seen the new store in the field finds it, or a
 * later one, ever after.
 *
 * <p>Thread rules: as the port says; the one thread calls {@link #switchTo}, {@link
 * #checkpointAsync} and {@link #saveToAsync}.
 */
public final class SwitchableCommittedStore implements CommittedStore {
  private volatile RocksCommittedStore current;

  /** Begins with a store, which is this one's from here on. */
  public SwitchableCommittedStore(RocksCommittedStore first) {
    current = first;
  }

  /**
   * Shows another store from now on. Nothing may have been done since the last commit.
   *
   * @param next is this one's from here on
   * @return the store that was shown before: to be closed by the caller, on any thread
   * @throws IllegalArgumentException if the other one's position is before this one's
   */
  public RocksCommittedStore switchTo(RocksCommittedStore next) {
    RocksCommittedStore former = current;
    RocksCommittedStore.requireNotBefore(former.position(), next.position());
    current = next;
    return former;
  }

  private <T extends @Nullable Object> T read(Function<RocksCommittedStore, T> reading) {
    while (true) {
      RocksCommittedStore store = current;
      try {
        return reading.apply(store);
      } catch (IllegalStateException e) {
        if (store == current) {
          throw e;
        }
      }
    }
  }

  // For any thread

  @Override
  public Version base() {
    return current.base();
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    return read(store -> store.lookup(key));
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    return read(store -> store.scan(after, limit));
  }

  @Override
  public long position() {
    return current.position();
  }

  // For the one thread, which is the one that switches

  @Override
  public @Nullable Row find(Key key) {
    return current.find(key);
  }

  @Override
  public void put(Key key, Row row) {
    current.put(key, row);
  }

  @Override
  public void remove(Key key) {
    current.remove(key);
  }

  @Override
  public void hide(Horizon further) {
    current.hide(further);
  }

  @Override
  public Horizon horizon() {
    return current.horizon();
  }

  @Override
  public boolean sweep(int rowsMax) {
    return current.sweep(rowsMax);
  }

  @Override
  public byte @Nullable [] findReply(long proposer, long number) {
    return current.findReply(proposer, number);
  }

  @Override
  public void putReply(long proposer, long number, byte[] reply) {
    current.putReply(proposer, number, reply);
  }

  @Override
  public void removeReplies(long proposer, long first, long last) {
    current.removeReplies(proposer, first, last);
  }

  @Override
  public void commit(long position, byte[] state) {
    current.commit(position, state);
  }

  @Override
  public byte @Nullable [] state() {
    return current.state();
  }

  @Override
  public void checkpoint() {
    current.checkpoint();
  }

  /** As {@link RocksCommittedStore#checkpointAsync}. */
  public CompletableFuture<Void> checkpointAsync() {
    return current.checkpointAsync();
  }

  /** As {@link RocksCommittedStore#saveToAsync}. */
  public CompletableFuture<Void> saveToAsync(Path directory) {
    return current.saveToAsync(directory);
  }

  /** Closes the store in use. */
  @Override
  public void close() {
    current.close();
  }
}
