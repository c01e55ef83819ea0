package io.gamut.storage.update;

import io.gamut.replication.store.UpdateStore;

final class MemoryUpdateStoreTest extends UpdateStoreContract {
  private MemoryUpdateStore store = new MemoryUpdateStore();

  @Override
  UpdateStore store() {
    return store;
  }

  @Override
  void crash() {
    store = store.afterCrash();
  }
}
