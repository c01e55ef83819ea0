package io.gamut.storage.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import io.gamut.storage.rocks.RocksOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The store in RocksDB against the one in memory: the same operations at random, with crashes after
 * which each repeats what its journal holds behind its own checkpoint. Write buffers are so small
 * that RocksDB flushes between checkpoints too.
 */
final class UpdateStoreModelTest {
  private static final int OPERATIONS = 6_000;
  private static final int KEYS = 40;
  private static final int ALL = Integer.MAX_VALUE;
  private static final List<Origin> ORIGINS =
      List.of(Updates.A, Updates.B, new Origin(0, 0), new Origin(-1, -1));
  private static final RocksStoreOptions SMALL =
      new RocksStoreOptions(new RocksOptions(1 << 20, 1 << 20, 32, 20_000, 1_000), 30_000);

  @TempDir Path root;

  private SplittableRandom random = new SplittableRandom();
  private MemoryUpdateStore model = new MemoryUpdateStore();
  private RocksUpdateStore store;

  /** What the journal of a server would hold: an update appended, or one shown. */
  private record Event(Update update, boolean isShow) {}

  private final List<Event> journal = new ArrayList<>();
  private final ArrayDeque<Update> notShown = new ArrayDeque<>();
  private final List<Update> shown = new ArrayList<>();
  private final Map<Origin, Long> sequences = new HashMap<>();
  private long now = 1;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void holdsWhatTheStoreInMemoryHolds(long seed) throws IOException {
    random = new SplittableRandom(seed);
    for (int i = 0; i < OPERATIONS; i++) {
      operate();
    }
    compareAll();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @BeforeEach
  void open() throws IOException {
    store = RocksUpdateStore.open(root.resolve("store"), SMALL);
  }

  private void operate() throws IOException {
    int dice = random.nextInt(1_000);
    if (dice < 450) {
      append();
    } else if (dice < 800) {
      show();
    } else if (dice < 950) {
      look();
    } else if (dice < 965) {
      drop();
    } else if (dice < 985) {
      store.commit();
    } else if (dice < 990) {
      store.keepBeside(this::state);
    } else if (dice < 998) {
      checkpoint();
    } else {
      crash();
      compareAll();
    }
  }

  private void append() {
    Origin origin = ORIGINS.get(random.nextInt(ORIGINS.size()));
    long step = random.nextInt(10) == 0 ? 1 + random.nextInt(5) : 1;
    Dot dot = new Dot(origin, sequences.merge(origin, step, Long::sum));
    Update update = random.nextInt(10) == 0 && !shown.isEmpty() ? retried(dot) : fresh(dot);
    apply(new Event(update, false));
    notShown.add(update);
  }

  private Update fresh(Dot dot) {
    now += random.nextInt(3);
    Version version = new Version(Math.max(1, now - random.nextInt(20)), dot.origin());
    Content content =
        random.nextInt(8) == 0
            ? Content.Tombstone.TOMBSTONE
            : Content.Value.of(bytes(random.nextInt(2_000)));
    return Updates.of(dot.origin(), dot.sequence(), version, "k" + random.nextInt(KEYS), content);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private Update retried(Dot dot) {
    Update before = shown.get(random.nextInt(shown.size()));
    return new Update(dot, before.version(), before.dependencies(), before.key(), before.content());
  }

  private void show() {
    Update update = notShown.poll();
    if (update != null) {
      apply(new Event(update, true));
      shown.add(update);
    }
  }

  private void apply(Event event) {
    journal.add(event);
    if (event.isShow) {
      assertThat(store.show(event.update)).isEqualTo(model.show(event.update));
    } else {
      store.append(event.update);
      model.append(event.update);
    }
  }

  private void look() {
    Key key = Key.of("k" + random.nextInt(KEYS));
    assertThat(store.lookup(key)).isEqualTo(model.lookup(key));
    Key after = random.nextBoolean() ? key : null;
    int limit = 1 + random.nextInt(10);
    assertThat(store.scan(after, limit)).isEqualTo(model.scan(after, limit));
    Origin origin = ORIGINS.get(random.nextInt(ORIGINS.size()));
    long last = sequences.getOrDefault(origin, 0L) + 1;
    long first = 1 + random.nextLong(last);
    assertThat(store.find(new Dot(origin, first))).isEqualTo(model.find(new Dot(origin, first)));
    int bytesMax = random.nextInt(20_000);
    assertThat(store.read(origin, first, last, bytesMax))
        .isEqualTo(model.read(origin, first, last, bytesMax));
  }

  private void drop() {
    VersionVector through = VersionVector.EMPTY;
    for (Origin origin : ORIGINS) {
      through = through.with(origin, random.nextLong(sequences.getOrDefault(origin, 0L) + 1));
    }
    int limit = 1 + random.nextInt(50);
    assertThat(store.dropOvertaken(through, limit)).isEqualTo(model.dropOvertaken(through, limit));
  }

  private byte[] state() {
    return ByteBuffer.allocate(Integer.BYTES).putInt(journal.size()).array();
  }

  private void checkpoint() {
    model.checkpoint(state());
    if (random.nextBoolean()) {
      store.checkpoint(state());
    } else {
      store.checkpointAsync(state()).join();
    }
  }

  /** Each repeats what is behind its own state; what only one of them dropped goes from both. */
  private void crash() throws IOException {
    model = model.afterCrash();
    store.close();
    open();
    assertThat(positionOf(store)).isGreaterThanOrEqualTo(positionOf(model));
    repeat(model);
    repeat(store);
    VersionVector all = VersionVector.EMPTY;
    for (Origin origin : ORIGINS) {
      all = all.with(origin, Long.MAX_VALUE);
    }
    model.dropOvertaken(all, ALL);
    store.dropOvertaken(all, ALL);
  }

  private static int positionOf(UpdateStore store) {
    byte @Nullable [] state = store.checkpointed();
    return state == null ? 0 : ByteBuffer.wrap(state).getInt();
  }

  private void repeat(UpdateStore store) {
    for (Event event : journal.subList(positionOf(store), journal.size())) {
      if (event.isShow) {
        store.show(event.update);
      } else {
        store.append(event.update);
      }
    }
  }

  private void compareAll() {
    assertThat(store.scan(null, ALL)).isEqualTo(model.scan(null, ALL));
    for (Pair pair : model.scan(null, ALL)) {
      assertThat(store.lookup(pair.key())).isEqualTo(pair);
      assertThat(Objects.requireNonNull(store.find(pair.dot())).content())
          .isEqualTo(pair.content());
    }
    for (Origin origin : ORIGINS) {
      assertThat(store.read(origin, 1, Long.MAX_VALUE, ALL))
          .isEqualTo(model.read(origin, 1, Long.MAX_VALUE, ALL));
    }
  }
}
