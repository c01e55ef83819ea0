package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.replication.committed.CommittedStore;
import io.gamut.storage.rocks.RocksOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does all that a store must do, before it is switched and after. */
final class SwitchableCommittedStoreTest extends CommittedStoreContract {
  @TempDir Path root;
  private final Commits commits = new Commits(300);
  private SwitchableCommittedStore store;

  @BeforeEach
  void begin() throws IOException {
    store = new SwitchableCommittedStore(open("first"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private RocksCommittedStore open(String name) throws IOException {
    return RocksCommittedStore.open(root.resolve(name), RocksOptions.DEFAULTS);
  }

  @Override
  CommittedStore store() {
    return store;
  }

  @Override
  void crash() throws IOException {
    store.close();
    begin();
  }

  @Test
  void allOfItIsReplacedAndTheNewStoreGoesOn() throws Exception {
    for (long position = 1; position <= 10; position++) {
      commits.commit(store, position);
    }
    store.saveToAsync(root.resolve("second")).get();
    RocksCommittedStore ahead = open("second");
    for (long position = 11; position <= 40; position++) {
      commits.commit(ahead, position);
    }
    RocksCommittedStore former = store.switchTo(ahead);
    assertThat(former.position()).isEqualTo(10);
    former.close();
    commits.check(store);
    commits.commit(store, 41);
    store.checkpointAsync().get();
    store.close();
    try (RocksCommittedStore left = open("second")) {
      assertThat(left.position()).isEqualTo(41);
      commits.check(left);
    }
  }

  @Test
  void aStoreThatIsBehindIsRefused() throws Exception {
    commits.commit(store, 1);
    try (RocksCommittedStore behind = open("second")) {
      assertThatThrownBy(() -> store.switchTo(behind)).hasMessageContaining("goes back");
    }
    assertThat(store.position()).isEqualTo(1);
  }

  @Test
  void aClosedStoreIsAnErrorIfNoOtherHasTakenItsPlace() {
    store.commit(1, new byte[0]);
    store.checkpoint();
    store.close();
    assertThatThrownBy(() -> store.lookup(K)).hasMessageContaining("is closed");
  }
}
