package io.gamut.storage.committed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Key;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.storage.rocks.RocksOptions;
import io.gamut.storage.rocks.RocksTables;
import io.gamut.storage.rocks.StoreCorruptException;
import io.gamut.storage.rocks.Table;
import io.gamut.storage.volume.VolumeLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with a crash that takes what was not flushed; and what only RocksDB does. */
final class RocksCommittedStoreTest extends CommittedStoreContract {
  @TempDir Path root;
  private final Commits commits = new Commits(100);
  private RocksCommittedStore store;

  @BeforeEach
  void open() throws IOException {
    store = open("store");
  }

  private RocksCommittedStore open(String name) throws IOException {
    return RocksCommittedStore.open(root.resolve(name), RocksOptions.DEFAULTS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  CommittedStore store() {
    return store;
  }

  @Override
  void crash() throws IOException {
    store.close();
    open();
  }

  @Test
  void whatWasNotFlushedIsGoneAfterACrash() throws IOException {
    for (long position = 1; position <= 100; position++) {
      commits.commit(store, position);
    }
    crash();
    assertThat(store.position()).isZero();
    commits.check(store);
  }

  @Test
  void anAsynchronousCheckpointHoldsWhatWasCommittedWhenItWasCalled() throws Exception {
    commits.commit(store, 1);
    commits.change(store, 2);
    var checkpoint = store.checkpointAsync();
    store.commit(2, Commits.state(2));
    checkpoint.get(30, TimeUnit.SECONDS);
    commits.check(store);
    crash();
    assertThat(store.position()).isEqualTo(1);
    commits.check(store);
  }

  @Test
  void closingWaitsForACheckpointThatIsRunning() throws IOException {
    store.put(K, row(1, "x".repeat(1 << 20)));
    store.commit(1, new byte[0]);
    var checkpoint = store.checkpointAsync();
    crash();
    assertThat(checkpoint).isCompleted();
    assertThat(store.position()).isEqualTo(1);
    assertThat(store.find(K)).isNotNull();
  }

  @Test
  void fewRowsAreLeftToALaterCommitToWriteAndMuchIsWrittenAtOnce() {
    commits.commit(store, 1);
    assertThat(store.keysEstimate()).isZero();
    for (int i = 0; i < 64; i++) {
      store.put(Key.of("key" + i), row(1, "v"));
      assertThat(store.keysEstimate()).isZero();
    }
    store.commit(2, new byte[0]);
    assertThat(store.keysEstimate()).isGreaterThanOrEqualTo(64);
    long before = store.keysEstimate();
    store.put(Key.of("large"), row(1, "x".repeat(70_000)));
    assertThat(store.keysEstimate()).isEqualTo(before);
    store.commit(3, new byte[0]);
    assertThat(store.keysEstimate()).isGreaterThan(before);
    store.checkpoint();
    assertThat(store.fileBytes()).isPositive();
  }

  @Test
  void repliesAloneAreWrittenToo() throws IOException {
    for (long position = 1; position <= 2_000; position++) {
      store.putReply(1, position, new byte[100]);
      store.commit(position, new byte[0]);
    }
    store.checkpoint();
    crash();
    assertThat(store.findReply(1, 1)).hasSize(100);
    assertThat(store.findReply(1, 2_000)).hasSize(100);
    assertThat(store.position()).isEqualTo(2_000);
  }

  @Test
  void aLargeRowIsReadThoughItIsNotKeptReady() {
    store.put(K, row(1, "small"));
    store.commit(1, new byte[0]);
    store.checkpoint();
    assertThat(store.lookup(K)).isEqualTo(pair(K, row(1, "small"), 1));
    store.put(K, row(2, "x".repeat(100_000)));
    store.commit(2, new byte[0]);
    assertThat(store.lookup(K)).isEqualTo(pair(K, row(2, "x".repeat(100_000)), 2));
    assertThat(store.lookup(K)).isEqualTo(pair(K, row(2, "x".repeat(100_000)), 2));
  }

  @Test
  void whatIsSavedIsEqualToTheStoreAtThatPosition() throws IOException {
    for (long position = 1; position <= 150; position++) {
      commits.commit(store, position);
    }
    commits.change(store, 151);
    store.saveTo(root.resolve("saved"));
    store.commit(151, Commits.state(151));
    for (long position = 152; position <= 300; position++) {
      commits.commit(store, position);
    }
    store.checkpoint();
    try (RocksCommittedStore saved = open("saved")) {
      assertThat(saved.position()).isEqualTo(150);
      commits.check(saved);
      commits.commit(saved, 151);
      saved.checkpoint();
      commits.check(saved);
    }
    assertThat(store.position()).isEqualTo(300);
    commits.check(store);
  }

  @Test
  void whatIsSavedStaysWhenTheStoreIsDeleted() throws IOException {
    commits.commit(store, 1);
    store.saveTo(root.resolve("saved"));
    store.close();
    for (Path file : files("")) {
      if (Files.isRegularFile(file)) {
        Files.delete(file);
      }
    }
    try (RocksCommittedStore saved = open("saved")) {
      assertThat(saved.position()).isEqualTo(1);
      commits.check(saved);
    }
  }

  @Test
  void aStoreIsNotSavedOverSomethingElse() throws IOException {
    commits.commit(store, 1);
    Path taken = Files.createDirectory(root.resolve("taken"));
    assertThatThrownBy(() -> store.saveTo(taken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root.resolve("store").toString())
        .hasMessageContaining(taken.toString());
    commits.commit(store, 2);
    commits.check(store);
  }

  @Test
  void aSecondOpenerIsToldThatTheStoreIsInUse() {
    assertThatThrownBy(() -> open("store"))
        .isInstanceOf(VolumeLockedException.class)
        .hasMessageContaining(root.resolve("store").toString());
  }

  @Test
  void aDamagedStoreIsAnErrorThatNamesTheDirectory() throws IOException {
    commits.commit(store, 1);
    store.checkpoint();
    store.close();
    for (Path file : files("MANIFEST-")) {
      Files.write(file, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    }
    assertThatThrownBy(() -> open("store"))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining(root.resolve("store").toString())
        .hasMessageContaining("damaged");
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("store"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  /** Puts a row into a store from behind. */
  private void plant(String name, Table table, String key, byte[] row) throws IOException {
    try (RocksTables tables =
        new RocksTables(root.resolve(name), RocksOptions.DEFAULTS, CommittedTable.ALL)) {
      tables.write(batch -> batch.put(table, key.getBytes(UTF_8), row));
      tables.flush();
    }
  }

  @Test
  void aPositionThatCannotBeReadIsAnErrorThatNamesTheDirectory() throws IOException {
    open("cut").close();
    plant("cut", CommittedTable.META, "applied", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> open("cut"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root.resolve("cut").toString())
        .hasMessageContaining("damaged");
    plant(
        "cut",
        CommittedTable.META,
        "applied",
        CommittedRows.applied(new CommittedRows.Applied(9, new byte[0])));
    open("cut").close();
  }

  @Test
  void aStoreOfAFormatFromTomorrowIsRefused() throws IOException {
    plant("tomorrow", CommittedTable.META, "format", new byte[] {RocksCommittedStore.FORMAT + 1});
    assertThatThrownBy(() -> open("tomorrow"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root.resolve("tomorrow").toString())
        .hasMessageContaining("format 2")
        .hasMessageContaining("this version reads 1");
  }

  @Test
  void aStoreWithRowsButWithoutAFormatIsRefused() throws IOException {
    plant("strange", CommittedTable.PAIRS, "k", new byte[0]);
    assertThatThrownBy(() -> open("strange"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format unknown");
  }

  @Test
  void aClosedStoreSaysSo() {
    store.close();
    assertThatThrownBy(() -> store.find(K))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
