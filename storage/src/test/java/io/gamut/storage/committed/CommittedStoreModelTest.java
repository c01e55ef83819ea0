package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import io.gamut.storage.rocks.RocksOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The store in RocksDB against the one in memory: the same operations at random, with crashes after
 * which each repeats what is behind its own position. Write buffers are so small that RocksDB
 * flushes between checkpoints too.
 */
final class CommittedStoreModelTest {
  private static final int OPERATIONS = 8_000;
  private static final int KEYS = 40;
  private static final int NUMBERS = 700;
  private static final long[] PROPOSERS = {0, 1, -1};
  private static final RocksOptions SMALL = new RocksOptions(1 << 20, 1 << 20, 32, 20_000, 1_000);

  @TempDir Path root;

  private SplittableRandom random = new SplittableRandom();
  private MemoryCommittedStore model = new MemoryCommittedStore();
  private RocksCommittedStore store;

  /** What the ledger would hold: position to what was done for its commit. */
  private final TreeMap<Long, List<Consumer<CommittedStore>>> ledger = new TreeMap<>();

  private List<Consumer<CommittedStore>> uncommitted = new ArrayList<>();
  private long position;
  private long clock;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void holdsWhatTheStoreInMemoryHolds(long seed) throws IOException {
    random = new SplittableRandom(seed);
    for (int i = 0; i < OPERATIONS; i++) {
      operate();
    }
    compareAll();
  }

  @BeforeEach
  void open() throws IOException {
    store = RocksCommittedStore.open(root.resolve("store"), SMALL);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void operate() throws IOException {
    int dice = random.nextInt(1_000);
    if (dice < 345) {
      put();
    } else if (dice < 350) {
      hide();
    } else if (dice < 450) {
      Key key = key();
      act(each -> each.remove(key));
    } else if (dice < 600) {
      reply();
    } else if (dice < 800) {
      look();
    } else if (dice < 990) {
      commit();
    } else if (dice < 997) {
      checkpoint();
    } else {
      crash();
      compareAll();
    }
  }

  private Key key() {
    return Key.of("k" + random.nextInt(KEYS));
  }

  private void act(Consumer<CommittedStore> action) {
    uncommitted.add(action);
    action.accept(store);
    action.accept(model);
  }

  private void put() {
    Key key = key();
    Content content =
        random.nextInt(8) == 0 ? Content.Tombstone.TOMBSTONE : Content.Value.of(bytes(3_000));
    clock++;
    Version version = new Version(clock, new Origin(random.nextInt(3), 1));
    act(each -> each.put(key, new Row(version, content)));
  }

  /** All keys, or tombstones up to a floor; or removes some of what is hidden. */
  private void hide() {
    Horizon before = model.horizon();
    switch (random.nextInt(4)) {
      case 0 -> {
        clock++;
        Version cleared = new Version(clock, Version.LEDGER);
        act(each -> each.hide(new Horizon(cleared, before.floor(), before.millis())));
      }
      case 1 -> {
        long floor = clock;
        act(each -> each.hide(new Horizon(before.cleared(), floor, before.millis())));
      }
      default -> {
        // Only what is committed may be removed, and what is removed was hidden: no difference.
        int rows = 1 + random.nextInt(20);
        store.sweep(rows);
        model.sweep(rows);
      }
    }
  }

  private byte[] bytes(int bound) {
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  private void reply() {
    long proposer = PROPOSERS[random.nextInt(PROPOSERS.length)];
    long number = random.nextInt(NUMBERS);
    if (random.nextInt(10) == 0) {
      long last = number + (random.nextBoolean() ? random.nextInt(5) : random.nextInt(NUMBERS));
      act(each -> each.removeReplies(proposer, number, last));
    } else {
      byte[] reply = bytes(100);
      act(each -> each.putReply(proposer, number, reply));
    }
  }

  private void look() {
    Key key = key();
    assertThat(store.find(key)).isEqualTo(model.find(key));
    assertThat(store.lookup(key)).isEqualTo(model.lookup(key));
    long proposer = PROPOSERS[random.nextInt(PROPOSERS.length)];
    long number = random.nextInt(NUMBERS);
    assertThat(store.findReply(proposer, number)).isEqualTo(model.findReply(proposer, number));
    Key after = random.nextBoolean() ? key : null;
    int limit = 1 + random.nextInt(10);
    assertThat(store.scan(after, limit)).isEqualTo(model.scan(after, limit));
  }

  private void commit() {
    position += 1 + random.nextInt(3);
    byte[] state = bytes(50);
    long committed = position;
    act(each -> each.commit(committed, state));
    ledger.put(committed, uncommitted);
    uncommitted = new ArrayList<>();
  }

  private void checkpoint() {
    model.checkpoint();
    if (random.nextBoolean()) {
      store.checkpoint();
    } else {
      store.checkpointAsync().join();
    }
  }

  private void crash() throws IOException {
    model = random.nextBoolean() ? model.afterCrash() : model.afterCrashWithAll();
    store.close();
    open();
    uncommitted = new ArrayList<>();
    repeat(model);
    repeat(store);
  }

  private void repeat(CommittedStore left) {
    ledger
        .tailMap(left.position(), false)
        .values()
        .forEach(actions -> actions.forEach(action -> action.accept(left)));
  }

  private void compareAll() {
    assertThat(store.position()).isEqualTo(model.position());
    assertThat(store.state()).isEqualTo(model.state());
    assertThat(store.scan(null, KEYS)).isEqualTo(model.scan(null, KEYS));
    for (int i = 0; i < KEYS; i++) {
      Key key = Key.of("k" + i);
      assertThat(store.find(key)).isEqualTo(model.find(key));
      assertThat(store.lookup(key)).isEqualTo(model.lookup(key));
    }
    for (long proposer : PROPOSERS) {
      for (long number = 0; number < 2 * NUMBERS; number++) {
        assertThat(store.findReply(proposer, number)).isEqualTo(model.findReply(proposer, number));
      }
    }
  }
}
