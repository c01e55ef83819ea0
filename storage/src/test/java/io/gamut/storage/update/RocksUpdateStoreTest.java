package io.gamut.storage.update;

import static io.gamut.storage.update.Updates.A;
import static io.gamut.storage.update.Updates.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import io.gamut.storage.rocks.RocksOptions;
import io.gamut.storage.rocks.RocksTables;
import io.gamut.storage.rocks.StoreCorruptException;
import io.gamut.storage.volume.VolumeLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with a crash that takes what was not flushed; and what only RocksDB does. */
final class RocksUpdateStoreTest extends UpdateStoreContract {
  @TempDir Path root;
  private RocksUpdateStore store;

  @BeforeEach
  void open() throws IOException {
    store = open("store", RocksStoreOptions.DEFAULTS);
  }

  private RocksUpdateStore open(String name, RocksStoreOptions options) throws IOException {
    return RocksUpdateStore.open(root.resolve(name), options);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  UpdateStore store() {
    return store;
  }

  @Override
  void crash() throws IOException {
    store.close();
    open();
  }

  private void write(Update update) {
    store.append(update);
    store.show(update);
  }

  @Test
  void whatWasNotFlushedIsGoneAfterACrash() throws IOException {
    write(Updates.write(A, 1, 1, "k", "v"));
    store.commit();
    crash();
    assertThat(store.find(new Dot(A, 1))).isNull();
    assertThat(store.lookup(Key.of("k"))).isNull();
  }

  @Test
  void anAsynchronousCheckpointHoldsWhatWasThereWhenItWasCalled() throws Exception {
    write(Updates.write(A, 1, 1, "k", "v"));
    store.checkpointAsync(new byte[] {7}).get(30, TimeUnit.SECONDS);
    crash();
    assertThat(store.checkpointed()).containsExactly(7);
    assertThat(store.lookup(Key.of("k"))).isNotNull();
  }

  @Test
  void closingWaitsForACheckpointThatIsRunning() throws IOException {
    write(Updates.of(A, 1, 1, "k", new byte[3 << 20]));
    var checkpoint = store.checkpointAsync(new byte[] {7});
    crash();
    assertThat(checkpoint).isCompleted();
    assertThat(store.find(new Dot(A, 1))).isNotNull();
  }

  @Test
  void whateverIsWrittenHasTheStateOfThatMomentBesideIt() throws IOException {
    byte[] state = {0};
    store.keepBeside(state::clone);
    for (int sequence = 1; sequence <= 100; sequence++) {
      state[0]++;
      write(Updates.write(A, sequence, sequence, "k", "v" + sequence));
      store.commit();
    }
    // A commit may leave it to a later one to write; dropping cannot wait.
    assertThat(store.dropOvertaken(VersionVector.of(new Dot(A, 100)), 1_000)).isEqualTo(99);
    assertThat(store.checkpointed()).containsExactly(100);
    crash();
    assertThat(store.checkpointed()).isNull();
  }

  @Test
  void updatesThatOutgrowTheWriteBuffersAreThereWithoutACheckpoint() throws IOException {
    int count = 400;
    for (int sequence = 1; sequence <= count; sequence++) {
      write(Updates.of(A, sequence, sequence, "k" + sequence, incompressible(sequence)));
    }
    store.commit();
    for (int sequence = 1; sequence <= count; sequence++) {
      Update expected = Updates.of(A, sequence, sequence, "k" + sequence, incompressible(sequence));
      assertThat(store.find(new Dot(A, sequence))).isEqualTo(expected);
    }
    assertThat(store.fileBytes()).isPositive();
    assertThat(store.keysEstimate()).isPositive();
  }

  private static byte[] incompressible(long seed) {
    byte[] bytes = new byte[300_000];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aLargeValueIsReadThoughItIsNotKeptReady() {
    byte[] large = incompressible(1);
    write(Updates.write(A, 1, 1, "k", "small"));
    store.commit();
    write(Updates.of(A, 2, 2, "k", large));
    store.commit();
    Update expected = Updates.of(A, 2, 2, "k", large);
    assertThat(store.lookup(Key.of("k"))).isEqualTo(SharedView.pair(expected));
    assertThat(store.lookup(Key.of("k"))).isEqualTo(SharedView.pair(expected));
  }

  @Test
  void severalStoresLiveInOneProcess() throws IOException {
    try (RocksUpdateStore other = open("other", RocksStoreOptions.DEFAULTS)) {
      write(Updates.write(A, 1, 1, "k", "v"));
      store.commit();
      assertThat(other.lookup(Key.of("k"))).isNull();
    }
    assertThat(store.lookup(Key.of("k"))).isNotNull();
  }

  @Test
  void aSecondOpenerIsToldThatTheStoreIsInUse() {
    assertThatThrownBy(() -> open("store", RocksStoreOptions.DEFAULTS))
        .isInstanceOf(VolumeLockedException.class)
        .hasMessageContaining(root.resolve("store").toString());
  }

  @Test
  void aDamagedStoreIsAnErrorThatNamesTheDirectory() throws IOException {
    write(Updates.write(A, 1, 1, "k", "v"));
    store.checkpoint(new byte[0]);
    store.close();
    for (Path file : files("MANIFEST-")) {
      Files.write(file, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    }
    assertThatThrownBy(() -> open("store", RocksStoreOptions.DEFAULTS))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining(root.resolve("store").toString())
        .hasMessageContaining("damaged");
  }

  @Test
  void aMissingFileIsAnErrorThatNamesTheDirectory() throws IOException {
    write(Updates.write(A, 1, 1, "k", "v"));
    store.checkpoint(new byte[0]);
    store.close();
    for (Path file : files("")) {
      if (file.toString().endsWith(".sst")) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(() -> open("store", RocksStoreOptions.DEFAULTS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root.resolve("store").toString());
  }

  private Iterable<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("store"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  @Test
  void aStoreOfAFormatFromTomorrowIsRefused() throws IOException {
    try (RocksTables tables =
        new RocksTables(root.resolve("tomorrow"), RocksOptions.DEFAULTS, UpdateTable.ALL)) {
      byte[] format = {RocksUpdateStore.FORMAT + 1};
      tables.write(batch -> batch.put(UpdateTable.META, "format".getBytes(UTF_8), format));
      tables.flush();
    }
    assertThatThrownBy(() -> open("tomorrow", RocksStoreOptions.DEFAULTS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 3")
        .hasMessageContaining("this version reads 2");
  }

  /** There the rows named only what had been overtaken. */
  @Test
  void aStoreOfFormatOneIsReadAndKeepsNothingThatIsNotNeeded() throws IOException {
    int count = 2_500;
    write(Updates.write(A, 1, count + 1, "k", "winner"));
    write(Updates.write(A, 2, 1, "other", "alone"));
    for (int sequence = 1; sequence <= count; sequence++) {
      write(Updates.write(B, sequence, sequence, "k", "overtaken"));
    }
    store.checkpoint(new byte[] {7});
    store.close();
    Path directory = root.resolve("store");
    try (RocksTables tables = new RocksTables(directory, RocksOptions.DEFAULTS, UpdateTable.ALL)) {
      tables.write(batch -> {
        for (int sequence = 1; sequence <= count; sequence++) {
          Dot loser = new Dot(B, sequence);
          batch.delete(
              UpdateTable.OVERTAKEN, Rows.overtaking(new Overtaking(new Dot(A, 1), loser)));
          batch.put(UpdateTable.OVERTAKEN, Rows.dot(loser), new byte[0]);
        }
        byte[] alreadyDropped = Rows.dot(new Dot(B, count + 1));
        batch.put(UpdateTable.OVERTAKEN, alreadyDropped, new byte[0]);
        batch.put(UpdateTable.META, "format".getBytes(UTF_8), new byte[] {1});
      });
      tables.flush();
    }
    open();
    VersionVector all = VersionVector.EMPTY.with(A, 2).with(B, count);
    assertThat(store.checkpointed()).containsExactly(7);
    assertThat(store.dropOvertaken(all, 10_000)).isEqualTo(count);
    assertThat(store.read(B, 1, count, 1 << 20)).isEmpty();
    assertThat(store.lookup(Key.of("k"))).isNotNull();
    store.checkpoint(new byte[] {8});
    crash();
    assertThat(store.dropOvertaken(all, 10_000)).isZero();
  }

  @Test
  void aClosedStoreSaysSo() {
    store.close();
    assertThatThrownBy(() -> store.find(new Dot(A, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
