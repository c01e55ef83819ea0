package io.gamut.storage.update;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content.Value;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.storage.rocks.RocksOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One writer shows numbered updates, always first at a key and then at its twin, while others read:
 * no key goes back, no twin is ahead of its key, and every content belongs to its version. The
 * cache is so small that most is evicted soon, and what is overtaken is dropped at once.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SharedReadersTest {
  private static final int KEYS = 50;
  private static final int ROUNDS = 60_000;
  private static final int READERS = 3;
  private static final RocksStoreOptions SMALL =
      new RocksStoreOptions(new RocksOptions(2 << 20, 1 << 20, 32, 10_000, 300), 10_000);

  @TempDir Path root;
  private final AtomicBoolean done = new AtomicBoolean();

  @Test
  void readersSeeUpdatesInTheOrderOfShowing() throws Exception {
    try (RocksUpdateStore store = RocksUpdateStore.open(root, SMALL);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(threads.submit(new Reader(store, i)));
      }
      Future<?> writer = threads.submit(() -> write(store));
      try {
        writer.get();
      } finally {
        done.set(true);
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  private void write(RocksUpdateStore store) {
    SplittableRandom random = new SplittableRandom(1);
    long sequence = 0;
    for (int round = 1; round <= ROUNDS && !done.get(); round++) {
      int key = random.nextInt(KEYS);
      for (String name : List.of("first" + key, "twin" + key)) {
        int padding = random.nextInt(10) == 0 ? 400 : random.nextInt(100);
        String text = name + "=" + round + "." + "x".repeat(padding);
        Update update = Updates.write(Updates.A, ++sequence, round, name, text);
        store.append(update);
        store.show(update);
        if (random.nextInt(4) == 0) {
          store.commit();
        }
      }
      if (round % 7 == 0) {
        store.dropOvertaken(VersionVector.of(new Dot(Updates.A, sequence)), 1_000);
      }
      if (round % 5_000 == 0) {
        store.checkpointAsync(new byte[0]).join();
      }
    }
    store.commit();
  }

  private final class Reader implements Callable<Long> {
    private final RocksUpdateStore store;
    private final SplittableRandom random;
    private final Map<Key, Long> seen = new HashMap<>();
    private long reads;

    Reader(RocksUpdateStore store, long seed) {
      this.store = store;
      random = new SplittableRandom(seed);
    }

    @Override
    public Long call() {
      try {
        while (!done.get()) {
          int key = random.nextInt(KEYS);
          if (random.nextInt(50) == 0) {
            scan();
          } else {
            long twin = time(store.lookup(Key.of("twin" + key)));
            long first = time(store.lookup(Key.of("first" + key)));
            assertThat(first).as("first%s beside its twin", key).isGreaterThanOrEqualTo(twin);
          }
          reads++;
        }
        return reads;
      } finally {
        done.set(true);
      }
    }

    private void scan() {
      Map<String, Long> times = new HashMap<>();
      for (Pair pair : store.scan(null, 2 * KEYS)) {
        times.put(pair.key().toString(), time(pair));
      }
      for (int key = 0; key < KEYS; key++) {
        assertThat(times.getOrDefault("first" + key, 0L))
            .as("first%s beside its twin in a scan", key)
            .isGreaterThanOrEqualTo(times.getOrDefault("twin" + key, 0L));
      }
    }

    private long time(@Nullable Pair pair) {
      if (pair == null) {
        return 0;
      }
      long time = pair.version().timestamp();
      String text = new String(((Value) pair.content()).bytes(), UTF_8);
      assertThat(text).startsWith(pair.key() + "=" + time + ".");
      assertThat(time)
          .as("%s seen before", pair.key())
          .isGreaterThanOrEqualTo(seen.getOrDefault(pair.key(), 0L));
      seen.put(pair.key(), time);
      return time;
    }
  }
}
