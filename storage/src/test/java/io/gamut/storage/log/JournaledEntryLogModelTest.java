package io.gamut.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.log.Entry;
import io.gamut.storage.journal.JournalOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories: whatever is done, the log answers as one in memory does. */
final class JournaledEntryLogModelTest {
  private static final int STEPS = 4_000;
  private static final long SEGMENT_BYTES = JournalOptions.SEGMENT_BYTES_MIN + 2_000;

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= 20; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theLogAnswersAsOneInMemoryDoes(long seed) throws IOException {
    new History(seed).run(STEPS);
  }

  /** Otherwise the histories would prove nothing. */
  @Test
  void aHistoryReadsFromTheDiskAndLetsTheJournalGo() throws IOException {
    History history = new History(1);
    history.run(STEPS);
    assertThat(history.owner.journal().firstPosition()).isGreaterThan(50_000);
    assertThat(history.readFromDisk).isGreaterThan(1_000);
    assertThat(history.restarts).isGreaterThan(20);
  }

  /** One history, the same for the same seed. */
  private static final class History {
    private final SplittableRandom random;
    private final LogOwner owner;
    private long term = 1;
    private int readFromDisk;
    private int restarts;

    History(long seed) throws IOException {
      random = new SplittableRandom(seed);
      owner =
          new LogOwner(seed, SEGMENT_BYTES, random.nextInt(3) * 1_000L, random.nextInt(9) * 1_000L);
    }

    void run(int steps) {
      for (int step = 0; step < steps; step++) {
        try {
          step();
          compare();
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("at step " + step, e);
        }
      }
    }

    private void step() {
      switch (random.nextInt(40)) {
        case 0 -> term++;
        case 1, 2 -> replace();
        case 3, 4, 5 -> owner.write();
        case 6, 7, 8, 9, 10 -> writeAndSync();
        case 11, 12 -> owner.syncBeside(this::appendAndWrite);
        case 13 -> owner.sync();
        case 14 -> compact();
        case 15 -> owner.checkpoint();
        case 16 -> seldom(this::restart);
        case 17 -> seldom(() -> owner.crash(random.nextBoolean()));
        case 18 -> seldom(owner::reopen);
        case 19, 20, 21, 22 -> follow();
        case 23, 24, 25, 26, 27 -> foreign();
        default -> append();
      }
    }

    private void seldom(Runnable step) {
      if (random.nextInt(4) == 0) {
        restarts++;
        step.run();
      }
    }

    private void append() {
      owner.append(entries(owner.log().lastIndex() + 1, Math.max(term, owner.log().lastTerm())));
    }

    private void appendAndWrite() {
      append();
      owner.write();
    }

    private void writeAndSync() {
      owner.write();
      owner.sync();
    }

    private List<Entry> entries(long first, long ofTerm) {
      long last = first + random.nextInt(6);
      List<Entry> entries = new ArrayList<>();
      long each = ofTerm;
      for (long index = first; index <= last; index++) {
        each += random.nextInt(10) == 0 ? 1 : 0;
        entries.add(Entries.of(index, each));
      }
      term = Math.max(term, each);
      return entries;
    }

    /** Also by entries of terms that had been there before. */
    private void replace() {
      long floor = Math.max(owner.log().baseIndex(), owner.appliedIndex());
      long cuttable = owner.log().lastIndex() - floor;
      if (cuttable > 0) {
        long depth = random.nextInt(5) == 0 ? cuttable : Math.min(cuttable, 12);
        long first = owner.log().lastIndex() - random.nextLong(depth);
        long least = Math.max(1, owner.log().term(first - 1));
        owner.replace(entries(first, random.nextLong(least, Math.max(term, least) + 1)));
      }
    }

    private void compact() {
      long base = Math.max(owner.log().baseIndex(), owner.appliedIndex());
      boolean isFromElsewhere = random.nextInt(5) == 0;
      long last = isFromElsewhere ? owner.log().lastIndex() : owner.durableIndex();
      if (last > base) {
        owner.compactThrough(random.nextLong(base + 1, last + 1));
      }
    }

    private void restart() {
      term++;
      long floor = Math.max(owner.log().baseIndex(), owner.appliedIndex());
      long above = owner.log().lastIndex() - floor + 10;
      owner.restartAt(floor + 1 + random.nextLong(above), term);
    }

    private void foreign() {
      byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 5_000 : 300)];
      random.nextBytes(body);
      owner.addForeign(1 + random.nextInt(63), body);
    }

    /** Reads on and on, as for a follower that is behind. */
    private void follow() {
      long last = owner.model().lastIndex();
      long index = owner.model().baseIndex() + 1 + random.nextInt(10);
      int bytesMax = 1 + random.nextInt(2_000);
      while (index <= last) {
        List<Entry> read = owner.log().read(index, bytesMax);
        assertThat(read).isEqualTo(owner.model().read(index, bytesMax));
        index += read.size();
        readFromDisk++;
      }
    }

    private void compare() {
      long base = owner.model().baseIndex();
      long last = owner.model().lastIndex();
      assertThat(owner.log().baseIndex()).isEqualTo(base);
      assertThat(owner.log().lastIndex()).isEqualTo(last);
      long index = random.nextLong(base, last + 1);
      assertThat(owner.log().term(index)).isEqualTo(owner.model().term(index));
      assertThat(owner.log().firstOfTermAt(index)).isEqualTo(owner.model().firstOfTermAt(index));
      if (random.nextInt(4) == 0 && last > base) {
        long first = random.nextLong(base + 1, last + 1);
        int bytesMax = random.nextInt(3_000);
        assertThat(owner.log().read(first, bytesMax))
            .isEqualTo(owner.model().read(first, bytesMax));
        assertThat(owner.log().entry(first)).isEqualTo(owner.model().entry(first));
      }
      owner.requireBounded();
    }
  }
}
