package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.storage.volume.DirectoryVolume;
import io.gamut.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The threads, on a real directory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
final class GroupCommitTest {
  private static final int APPENDS = 5_000;
  private static final int ROUNDS = 3_000;
  private static final long PENDING_MAX = 256 << 10;

  @TempDir Path directory;
  private final ListeningPost post = new ListeningPost();

  private SegmentedJournal open(Volume volume, JournalVisitor visitor) throws IOException {
    SplittableRandom salts = new SplittableRandom(System.nanoTime());
    JournalOptions options = new JournalOptions(new JournalId(1, 1), 128 << 10, salts::nextLong);
    return SegmentedJournal.open(volume, options, visitor);
  }

  private static JournalBatch numbered(JournalBatch batch, long number) {
    byte[] body = new byte[8 + (int) (number % 500)];
    ByteBuffer.wrap(body).putLong(number);
    return batch.add(1 + (int) (number % 100), body);
  }

  private List<Long> replay() throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (Volume volume = DirectoryVolume.open(directory)) {
      open(volume, (_, _, body) -> numbers.add(body.getLong())).close();
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource
  void everythingIsReportedInOrderAndThereAfterReopening(Durability durability) throws Exception {
    try (Volume volume = DirectoryVolume.open(directory)) {
      GroupCommit commit =
          GroupCommit.start(open(volume, (_, _, _) -> {}), durability, PENDING_MAX, post);
      JournalBatch batch = new JournalBatch();
      for (int i = 1; i <= APPENDS; i++) {
        long sequence = appendPatiently(commit, numbered(batch, i));
        assertThat(sequence).isEqualTo(i);
        assertThat(batch.isEmpty()).isTrue();
        assertThat(commit.pendingBytes()).isLessThanOrEqualTo(PENDING_MAX);
        if (durability != Durability.FSYNC) {
          assertThat(post.sequence()).isEqualTo(i);
        }
      }
      commit.close();
      assertThat(post.sequence()).isEqualTo(APPENDS);
      assertThat(post.failure()).isNull();
      assertThatThrownBy(() -> commit.append(numbered(batch, 1))).hasMessageContaining("closed");
    }
    List<Long> numbers = replay();
    assertThat(numbers).hasSize(APPENDS);
    for (int i = 0; i < APPENDS; i++) {
      assertThat(numbers.get(i)).isEqualTo(i + 1);
    }
  }

  private long appendPatiently(GroupCommit commit, JournalBatch batch) throws Exception {
    while (true) {
      long before = post.sequence();
      long sequence = commit.append(batch);
      if (sequence != GroupCommit.REFUSED) {
        return sequence;
      }
      post.awaitAbove(before);
    }
  }

  @Test
  void aLoneAppendIsReportedWithoutAnotherOneBehindIt() throws Exception {
    try (Volume volume = DirectoryVolume.open(directory);
        GroupCommit commit =
            GroupCommit.start(open(volume, (_, _, _) -> {}), Durability.FSYNC, PENDING_MAX, post)) {
      for (int i = 1; i <= 50; i++) {
        commit.append(numbered(new JournalBatch(), i));
        post.awaitAbove(i - 1);
        assertThat(post.sequence()).isEqualTo(i);
      }
    }
  }

  @Test
  void tooMuchPendingIsRefusedAndTheBatchKept() throws Exception {
    try (Volume volume = DirectoryVolume.open(directory);
        GroupCommit commit =
            GroupCommit.start(open(volume, (_, _, _) -> {}), Durability.FSYNC, 1000, post)) {
      JournalBatch batch = new JournalBatch();
      post.hold();
      commit.append(batch.add(1, new byte[5000]));
      long sequence;
      do {
        sequence = commit.append(batch.isEmpty() ? batch.add(1, new byte[400]) : batch);
      } while (sequence != GroupCommit.REFUSED);
      assertThat(batch.recordCount()).isEqualTo(1);
      post.release();
      awaitCondition(() -> commit.append(batch) != GroupCommit.REFUSED);
    }
    assertThat(post.failure()).isNull();
  }

  @Test
  void oldSegmentsAreDeletedInTheBackground() throws Exception {
    try (Volume volume = DirectoryVolume.open(directory);
        GroupCommit commit =
            GroupCommit.start(open(volume, (_, _, _) -> {}), Durability.FSYNC, PENDING_MAX, post)) {
      JournalBatch batch = new JournalBatch();
      for (int i = 1; i <= 2_000; i++) {
        appendPatiently(commit, numbered(batch, i));
      }
      post.awaitAbove(1_999);
      commit.truncateBefore(post.position());
      awaitCondition(() -> volume.list().size() <= 2);
    }
    assertThat(replay()).endsWith(2_000L);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDurableIsReadWhileMoreIsWrittenAndTheOldDeleted(Durability durability)
      throws Exception {
    List<Long> numbers = new ArrayList<>();
    try (Volume volume = DirectoryVolume.open(directory);
        GroupCommit commit =
            GroupCommit.start(open(volume, (_, _, _) -> {}), durability, PENDING_MAX, post)) {
      JournalBatch batch = new JournalBatch();
      long position = 0;
      for (int i = 1; i <= APPENDS; i++) {
        appendPatiently(commit, numbered(batch, i));
        if (i % 20 == 0) {
          long reported = post.sequence();
          position = readOn(commit, position, numbers);
          assertThat(numbers.size()).isGreaterThanOrEqualTo((int) reported);
          commit.truncateBefore(position);
        }
      }
      post.awaitAbove(APPENDS - 1);
      readOn(commit, position, numbers);
    }
    assertThat(numbers).hasSize(APPENDS);
    for (int i = 0; i < APPENDS; i++) {
      assertThat(numbers.get(i)).isEqualTo(i + 1);
    }
  }

  private static long readOn(ReadableJournal journal, long position, List<Long> into)
      throws IOException {
    try (JournalReader reader = journal.readFrom(position)) {
      JournalVisitor visitor = (_, _, body) -> into.add(body.getLong());
      while (reader.readBatch(visitor)) {}
      return reader.position();
    }
  }

  private static void awaitCondition(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      assertThat(Thread.interrupted()).as("the time is up").isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJournalThatFailsSaysSoOnceAndTakesNothingMore(Durability durability) throws Exception {
    Volume volume = DirectoryVolume.open(directory);
    SegmentedJournal journal = open(volume, (_, _, _) -> {});
    journal.close();
    GroupCommit commit = GroupCommit.start(journal, durability, PENDING_MAX, post);
    try {
      commit.append(numbered(new JournalBatch(), 1));
    } catch (IOException e) {
      assertThat(durability).isNotEqualTo(Durability.FSYNC);
    }
    post.awaitFailure();
    assertThatThrownBy(() -> commit.append(numbered(new JournalBatch(), 2)))
        .isInstanceOf(JournalFailedException.class);
    assertThatThrownBy(commit::close).isInstanceOf(JournalFailedException.class);
    assertThat(post.failures()).isEqualTo(1);
    assertThat(post.sequence()).isZero();
    volume.close();
  }

  /** The keeper may be about to fall asleep, or wait for a lock, whenever it is told to stop. */
  @ParameterizedTest
  @EnumSource
  void closingAlwaysEnds(Durability durability) throws Exception {
    try (Volume volume = DirectoryVolume.open(directory)) {
      SegmentedJournal journal = open(volume, (_, _, _) -> {});
      journal.close();
      for (int round = 0; round < ROUNDS; round++) {
        GroupCommit commit =
            GroupCommit.start(journal, durability, PENDING_MAX, new ListeningPost());
        try {
          commit.append(numbered(new JournalBatch(), 1));
          commit.close();
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("closed");
        }
        try {
          commit.close();
        } catch (IOException e) {
          assertThat(e).isInstanceOf(JournalFailedException.class);
        }
      }
    }
  }

  @Test
  void durabilityIsReadFromTextAndRefusedWithTheChoices() {
    assertThat(Durability.parse("Interval")).isEqualTo(Durability.INTERVAL);
    assertThatThrownBy(() -> Durability.parse("always"))
        .hasMessageContaining("fsync, interval, none");
  }
}
