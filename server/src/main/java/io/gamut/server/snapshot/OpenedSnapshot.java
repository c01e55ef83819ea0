package io.gamut.server.snapshot;

import io.gamut.core.InvalidDataException;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.replication.committed.StateMachine;
import io.gamut.storage.committed.RocksCommittedStore;
import io.gamut.storage.rocks.RocksOptions;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A state from elsewhere, whole and readable.
 *
 * @param point how far the ledger is applied in it
 */
record OpenedSnapshot(Path directory, RocksCommittedStore store, AppliedPoint point) {
  /**
   * Opens what was received, and looks whether it is the state that was offered.
   *
   * @throws IOException if it is not, or is damaged
   */
  static OpenedSnapshot open(Path directory, RocksOptions options, long atLeastIndex)
      throws IOException {
    RocksCommittedStore store = RocksCommittedStore.open(directory, options);
    try {
      AppliedPoint point = new StateMachine(store).applied();
      if (point.index() < atLeastIndex || point.index() != store.position()) {
        throw new IOException(
            "the state should be that at %d or later, and says that it is at %d, with rows of %d"
                .formatted(atLeastIndex, point.index(), store.position()));
      }
      return new OpenedSnapshot(directory, store, point);
    } catch (InvalidDataException e) {
      store.close();
      throw new IOException("the state cannot be read: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Closes it and deletes its files. */
  void discard() throws IOException {
    store.close();
    Directories.delete(directory);
  }
}
