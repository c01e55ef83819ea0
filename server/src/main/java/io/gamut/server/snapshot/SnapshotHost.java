package io.gamut.server.snapshot;

import io.gamut.ledger.log.AppliedPoint;
import io.gamut.storage.committed.RocksCommittedStore;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The replica whose state is sent and replaced. All on its thread. */
public interface SnapshotHost {
  /** How far the ledger is applied. */
  long applied();

  /** The ledger's log holds what is behind this index. */
  long baseIndex();

  /**
   * Saves the committed state, as it is now or later, to a directory that is not there yet. The
   * future may complete on any thread.
   */
  CompletableFuture<Void> save(Path directory);

  /**
   * Whether another state is about to take the place of the present one, or of what it has become
   * by then. Meanwhile no checkpoint may be begun: the ledger's log must not be let go up to an
   * index that the other state does not reach.
   */
  void setInstalling(boolean isInstalling);

  /**
   * Puts a state from elsewhere in the place of the present one. It is durable, and after a start
   * it would be found in use.
   *
   * @return the store that was in use, to be closed by the caller
   */
  RocksCommittedStore install(RocksCommittedStore state, AppliedPoint point);

  /** The server cannot go on. */
  void fail(Throwable failure);
}
