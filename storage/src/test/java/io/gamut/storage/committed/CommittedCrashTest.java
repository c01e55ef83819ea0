package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.storage.rocks.RocksOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store is closed without a checkpoint again and again, with write buffers so small that RocksDB
 * flushes by itself: what is left is what one commit left, never a mixture.
 */
final class CommittedCrashTest {
  private static final int ROUNDS = 25;
  private static final RocksOptions SMALL = new RocksOptions(1 << 20, 1 << 20, 32, 20_000, 1_000);

  @TempDir Path root;
  private final Commits commits = new Commits(4_000);
  private final SplittableRandom random = new SplittableRandom(1);
  private int between;

  @Test
  void whatIsLeftIsWhatOneCommitLeft() throws IOException {
    long reached = 0;
    long synced = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (RocksCommittedStore store = RocksCommittedStore.open(root.resolve("store"), SMALL)) {
        long left = store.position();
        assertThat(left).isBetween(synced, reached);
        between += left > synced && left < reached ? 1 : 0;
        commits.check(store);
        reached = left + random.nextInt(1_000);
        synced = run(store, left, reached);
        commits.change(store, reached + 1);
      }
    }
    assertThat(between).as("crashes that lost some commits, not all").isPositive();
  }

  /** Commits up to a position; what the last checkpoint held. */
  private long run(RocksCommittedStore store, long from, long through) {
    long synced = 0;
    for (long position = from + 1; position <= through; position++) {
      commits.commit(store, position);
      if (random.nextInt(1_000) == 0) {
        store.checkpoint();
        synced = position;
      }
    }
    return synced;
  }
}
