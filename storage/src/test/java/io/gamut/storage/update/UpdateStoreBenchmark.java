package io.gamut.storage.update;

import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Measures the store in RocksDB in a new directory given: values of 100 bytes, 300,000 keys, each
 * there before anything is measured. No test; run its main method.
 */
final class UpdateStoreBenchmark {
  private static final int VALUE_BYTES = 100;
  private static final int KEYS = 300_000;
  private static final int HOT_KEYS = 5_000;
  private static final long RUN_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static long sequence;

  private UpdateStoreBenchmark() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]).resolve("store" + System.nanoTime());
    try (RocksUpdateStore store = RocksUpdateStore.open(directory, RocksStoreOptions.DEFAULTS)) {
      for (int key = 0; key < KEYS; key++) {
        write(store, key);
      }
      store.commit();
      for (int round = 0; round < 2; round++) {
        for (int batch : new int[] {1, 32}) {
          System.out.printf(
              "append, show, commit by %d: %,d updates/s%n", batch, writes(store, batch));
        }
      }
      long start = System.nanoTime();
      store.checkpoint(new byte[0]);
      System.out.printf("checkpoint: %,d us%n", (System.nanoTime() - start) / 1_000);
      for (int round = 0; round < 2; round++) {
        System.out.printf(
            "lookup, few hot keys in a full cache: %,d/s%n",
            lookups(store, i -> Key.of("key" + i % HOT_KEYS)));
        SplittableRandom random = new SplittableRandom(round);
        System.out.printf(
            "lookup, any key, most not cached: %,d/s%n",
            lookups(store, _ -> Key.of("key" + random.nextInt(KEYS))));
        System.out.printf(
            "lookup, no such key: %,d/s%n", lookups(store, i -> Key.of("none" + i % HOT_KEYS)));
      }
    }
  }

  private static long writes(RocksUpdateStore store, int batch) {
    SplittableRandom random = new SplittableRandom(batch);
    long start = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - start < RUN_NANOS) {
      for (int i = 0; i < batch; i++) {
        write(store, random.nextInt(KEYS));
      }
      store.commit();
      count += batch;
      if (count % 4_096 == 0) {
        store.dropOvertaken(VersionVector.of(new Dot(Updates.A, sequence)), 10_000);
      }
    }
    return (long) (count * 1e9 / (System.nanoTime() - start));
  }

  private static void write(RocksUpdateStore store, int key) {
    sequence++;
    Update update = Updates.of(Updates.A, sequence, sequence, "key" + key, new byte[VALUE_BYTES]);
    store.append(update);
    store.show(update);
  }

  private static long lookups(RocksUpdateStore store, IntFunction<Key> keys) {
    long start = System.nanoTime();
    int count = 0;
    int found = 0;
    while (System.nanoTime() - start < RUN_NANOS) {
      for (int i = 0; i < 100; i++) {
        found += store.lookup(keys.apply(count++)) == null ? 0 : 1;
      }
    }
    if (found > count) {
      throw new IllegalStateException();
    }
    return (long) (count * 1e9 / (System.nanoTime() - start));
  }
}
