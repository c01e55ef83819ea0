package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Pair;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Row;
import io.gamut.storage.rocks.RocksOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One writer commits keys by groups while others read: whatever they see is exactly what was
 * committed at the mark, which lies between the positions before and after. So no key goes back, no
 * removed key comes back, and a position is never ahead of what lookups show. The cache is so small
 * that most is evicted soon, and values so large that a batch ends every few commits.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class CommittedReadersTest {
  private static final int COMMITS = 20_000;
  private static final int READERS = 3;
  private static final int SWITCHES = 30;
  private static final RocksOptions SMALL = new RocksOptions(4 << 20, 1 << 20, 32, 40_000, 6_000);

  @TempDir Path root;
  private final Commits commits = new Commits(8_000);
  private final AtomicBoolean done = new AtomicBoolean();

  @Test
  void readersSeeWhatWasCommittedAtTheMark() throws Exception {
    try (RocksCommittedStore store = RocksCommittedStore.open(root.resolve("store"), SMALL);
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
      commits.check(store);
    }
  }

  /**
   * From time to time the store is saved, the copy gets ahead, and takes the place of the store,
   * which is closed and deleted while it is read.
   */
  @Test
  void readersSeeOneStoreOrTheOtherWhenTheyAreSwitched() throws Exception {
    RocksCommittedStore first = RocksCommittedStore.open(root.resolve("0"), SMALL);
    try (SwitchableCommittedStore store = new SwitchableCommittedStore(first);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(threads.submit(new Reader(store, i)));
      }
      try {
        long position = 0;
        for (int round = 1; round <= SWITCHES && !done.get(); round++) {
          position = commit(store, position, 100);
          Path copy = root.resolve("" + round);
          store.saveToAsync(copy).get();
          commit(store, position, 20);
          RocksCommittedStore next = RocksCommittedStore.open(copy, SMALL);
          position = commit(next, next.position(), 50);
          store.switchTo(next).close();
          assertThat(store.position()).isEqualTo(position);
          commits.check(store);
        }
      } finally {
        done.set(true);
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  private long commit(CommittedStore store, long from, int count) {
    for (long position = from + 1; position <= from + count; position++) {
      commits.commit(store, position);
    }
    return from + count;
  }

  private void write(RocksCommittedStore store) {
    for (long position = 1; position <= COMMITS && !done.get(); position++) {
      commits.commit(store, position);
      if (position % 5_000 == 0) {
        store.checkpointAsync().join();
        commits.check(store);
      }
    }
  }

  private final class Reader implements Callable<Long> {
    private final CommittedStore store;
    private long reached;
    private final SplittableRandom random;
    private long reads;

    Reader(CommittedStore store, long seed) {
      this.store = store;
      random = new SplittableRandom(seed);
    }

    @Override
    public Long call() {
      try {
        while (!done.get()) {
          if (random.nextInt(20) == 0) {
            scan();
          } else {
            lookup(random.nextInt(Commits.KEYS));
          }
          reads++;
        }
        return reads;
      } finally {
        done.set(true);
      }
    }

    private void lookup(int index) {
      long before = store.position();
      assertThat(before).isGreaterThanOrEqualTo(reached);
      Pair pair = store.lookup(Commits.key(index));
      long after = store.position();
      reached = after;
      if (pair == null) {
        assertThat(LongStream.rangeClosed(before, after))
            .as("key %s is missing from %s to %s", index, before, after)
            .anyMatch(position -> commits.rowAt(position, index) == null);
      } else {
        long mark = position(pair);
        assertThat(mark).isBetween(before, after);
        assertThat(new Row(pair.version(), pair.content()))
            .as("key %s at %s", index, mark)
            .isEqualTo(commits.rowAt(mark, index));
      }
    }

    private void scan() {
      Key from = random.nextBoolean() ? null : Commits.key(random.nextInt(Commits.KEYS));
      int limit = 1 + random.nextInt(Commits.KEYS);
      long before = store.position();
      List<Pair> pairs = store.scan(from, limit);
      long after = store.position();
      if (!pairs.isEmpty()) {
        long mark = position(pairs.getFirst());
        assertThat(mark).isBetween(before, after);
        List<Pair> all = commits.pairsAt(mark, from);
        assertThat(pairs).isEqualTo(all.subList(0, Math.min(limit, all.size())));
      }
    }

    private static long position(Pair pair) {
      return ((LedgerPosition) pair.mark()).index();
    }
  }
}
