package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.replication.committed.CommittedStore;
import org.junit.jupiter.api.Test;

final class MemoryCommittedStoreTest extends CommittedStoreContract {
  private MemoryCommittedStore store = new MemoryCommittedStore();

  @Override
  CommittedStore store() {
    return store;
  }

  @Override
  void crash() {
    store = store.afterCrash();
  }

  @Test
  void aCrashMayLeaveEveryCommitButNothingElse() {
    Commits commits = new Commits(10);
    commits.commit(store, 1);
    store.checkpoint();
    commits.commit(store, 2);
    commits.change(store, 3);
    MemoryCommittedStore all = store.afterCrashWithAll();
    assertThat(all.position()).isEqualTo(2);
    commits.check(all);
    commits.commit(all, 3);
    assertThat(store.position()).isEqualTo(2);
    MemoryCommittedStore saved = store.afterCrash();
    assertThat(saved.position()).isEqualTo(1);
    commits.check(saved);
  }
}
