package io.gamut.storage.journal;

import io.gamut.storage.volume.DirectoryVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures appends of 200 bytes on the disk that holds the directory given: how many a second, and
 * how long the middle one takes, alone and with 64 outstanding, under each durability; and beside
 * them what the disk itself needs for a write and an fdatasync. No test; run its main method.
 */
final class AppendBenchmark {
  private static final int VALUE_BYTES = 200;
  private static final long RUN_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final int LATENCIES_MAX = 5_000_000;

  private AppendBenchmark() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    System.out.println("bare write and fdatasync: " + bareSync(directory));
    for (Durability durability : Durability.values()) {
      for (int outstanding : new int[] {1, 64}) {
        run(directory, durability, outstanding);
        System.out.println(
            durability
                + ", "
                + outstanding
                + " outstanding: "
                + run(directory, durability, outstanding));
      }
    }
  }

  private static String bareSync(Path directory) throws IOException {
    try (DirectoryVolume volume = DirectoryVolume.open(directory.resolve("bare"));
        var file = volume.create("bare" + System.nanoTime(), 8 << 20)) {
      file.sync();
      var bytes = ByteBuffer.allocateDirect(261);
      long[] nanos = new long[5_000];
      long start = System.nanoTime();
      for (int i = 0; i < nanos.length; i++) {
        long before = System.nanoTime();
        file.write(i * 261L, bytes.clear());
        file.sync();
        nanos[i] = System.nanoTime() - before;
      }
      return report(nanos, nanos.length, System.nanoTime() - start);
    }
  }

  private static String run(Path directory, Durability durability, int outstanding)
      throws IOException {
    SplittableRandom salts = new SplittableRandom(System.nanoTime());
    JournalOptions options = JournalOptions.defaults(new JournalId(1, 1), salts::nextLong);
    try (DirectoryVolume volume = DirectoryVolume.open(directory.resolve("run"))) {
      for (String name : volume.list()) {
        volume.delete(name);
      }
      SegmentedJournal journal = SegmentedJournal.open(volume, options, (_, _, _) -> {});
      Waiter waiter = new Waiter(Thread.currentThread());
      long pendingMax = GroupCommit.PENDING_BYTES_MAX_DEFAULT;
      try (GroupCommit commit = GroupCommit.start(journal, durability, pendingMax, waiter)) {
        return appendFor(RUN_NANOS, commit, waiter, outstanding);
      }
    }
  }

  private static String appendFor(long nanos, GroupCommit commit, Waiter waiter, int outstanding)
      throws IOException {
    JournalBatch batch = new JournalBatch();
    byte[] body = new byte[VALUE_BYTES];
    long start = System.nanoTime();
    int sequence = 0;
    while (System.nanoTime() - start < nanos && sequence < LATENCIES_MAX) {
      waiter.awaitAtLeast(sequence - outstanding + 1L);
      waiter.startNanos[sequence++] = System.nanoTime();
      commit.append(batch.add(1, body));
    }
    waiter.awaitAtLeast(sequence);
    long[] latencies = waiter.latencies;
    return report(latencies, sequence, System.nanoTime() - start);
  }

  private static String report(long[] nanos, int count, long elapsedNanos) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return String.format(
        "%,d appends/s, median %,.1f us, 99%% %,.1f us",
        (long) (count * 1e9 / elapsedNanos),
        sorted[count / 2] / 1e3,
        sorted[count * 99 / 100] / 1e3);
  }

  private static final class Waiter implements DurabilityListener {
    final long[] startNanos = new long[LATENCIES_MAX + 1];
    final long[] latencies = new long[LATENCIES_MAX + 1];
    private final AtomicLong durable = new AtomicLong();
    private final Thread appender;

    Waiter(Thread appender) {
      this.appender = appender;
    }

    @Override
    public void onDurable(long sequence, long position) {
      long now = System.nanoTime();
      for (long i = durable.get(); i < sequence; i++) {
        latencies[(int) i] = now - startNanos[(int) i];
      }
      durable.set(sequence);
      LockSupport.unpark(appender);
    }

    @Override
    public void onFailure(IOException failure) {
      throw new IllegalStateException(failure);
    }

    void awaitAtLeast(long sequence) {
      while (durable.get() < sequence) {
        LockSupport.park(this);
      }
    }
  }
}
