package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.storage.volume.SimulatedFault;
import io.gamut.storage.volume.SimulatedVolume;
import io.gamut.storage.volume.VolumeFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SegmentedJournalTest {
  private final SimulatedVolume volume = SimulatedVolume.seeded(1);
  private final List<JournalModel.Replayed> replayed = new ArrayList<>();
  private long salt;

  private SegmentedJournal open() throws IOException {
    replayed.clear();
    return JournalWorkload.open(volume, ++salt, replayed);
  }

  private SegmentedJournal open(long from) throws IOException {
    replayed.clear();
    SplittableRandom salts = new SplittableRandom(++salt);
    JournalOptions options =
        new JournalOptions(JournalWorkload.ID, JournalWorkload.SEGMENT_BYTES, salts::nextLong);
    return SegmentedJournal.open(volume, options, from, JournalWorkload.collector(replayed));
  }

  private static JournalBatch batch(int... sizes) {
    JournalBatch batch = new JournalBatch();
    for (int size : sizes) {
      batch.add(7, new byte[size]);
    }
    return batch;
  }

  @Test
  void aNewJournalIsEmptyAndKeepsItsId() throws IOException {
    try (SegmentedJournal journal = open()) {
      assertThat(journal.recovery().created()).isTrue();
      assertThat(journal.id()).isEqualTo(JournalWorkload.ID);
    }
    JournalOptions options = JournalOptions.defaults(new JournalId(8, 9), () -> 1);
    try (SegmentedJournal journal = SegmentedJournal.open(volume, options, (_, _, _) -> {})) {
      assertThat(journal.recovery().created()).isFalse();
      assertThat(journal.id()).isEqualTo(JournalWorkload.ID);
    }
  }

  @Test
  void replaysFromEveryPositionExactlyWhatLiesThereOrAbove() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    JournalModel model = new JournalModel();
    List<Long> ends = new ArrayList<>();
    try (SegmentedJournal journal = open()) {
      for (int i = 0; i < 20; i++) {
        long end = journal.append(model.attempt(new JournalBatch(), 1 + random.nextInt(4)));
        ends.add(end);
      }
    }
    open().close();
    List<JournalModel.Replayed> all = List.copyOf(replayed);
    for (int i = 0; i < ends.size(); i++) {
      assertReplayedFrom(ends.get(i), all);
    }
    for (JournalModel.Replayed record : all) {
      assertReplayedFrom(record.position(), all);
      assertReplayedFrom(record.position() + 1, all);
    }
  }

  private void assertReplayedFrom(long from, List<JournalModel.Replayed> all) throws IOException {
    open(from).close();
    assertThat(replayed)
        .as("from %s", from)
        .isEqualTo(all.stream().filter(record -> record.position() >= from).toList());
  }

  @Test
  void aBatchLargerThanASegmentGetsASegmentOfItsOwnEvenWhenASpareStandsInItsWay()
      throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch(10));
      journal.prepareNextSegment();
      long before = journal.endPosition();
      long end = journal.append(batch(100_000, 3));
      assertThat(end).isGreaterThan(before + 100_003);
      journal.append(batch(20));
    }
    open().close();
    assertThat(replayed.stream().map(record -> record.body().remaining()))
        .containsExactly(10, 100_000, 3, 20);
  }

  @Test
  void aPreparedSegmentIsUsedWithoutAnyMoreWorkOnTheDirectory() throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch(700));
      assertThat(journal.needsPreparation()).isTrue();
      journal.prepareNextSegment();
      assertThat(journal.needsPreparation()).isFalse();
      long operations = volume.operations();
      journal.append(batch(700));
      assertThat(volume.operations()).isEqualTo(operations + 1);
    }
  }

  @Test
  void truncationDeletesOnlySegmentsWhollyBelow() throws IOException {
    try (SegmentedJournal journal = open()) {
      long first = journal.append(batch(900));
      long second = journal.append(batch(900));
      journal.append(batch(900));
      journal.sync();
      journal.truncateBefore(first - 1);
      assertThat(volume.list()).hasSize(3);
      journal.truncateBefore(second);
      assertThat(volume.list()).as("what ends there is where the journal goes on").hasSize(2);
      assertThat(journal.firstPosition()).isLessThanOrEqualTo(second);
      journal.truncateBefore(Long.MAX_VALUE);
      assertThat(volume.list()).hasSize(1);
    }
    open().close();
    assertThat(replayed).hasSize(1);
  }

  @Test
  void aFailedSyncFailsTheJournalForGoodAndSaysWhyItIsNotRetried() throws IOException {
    SegmentedJournal journal = open();
    journal.append(batch(10));
    volume.inject(volume.operations(), SimulatedFault.ERROR);
    assertThatThrownBy(journal::sync)
        .isInstanceOf(JournalFailedException.class)
        .hasMessageContaining("Rebello");
    assertThatThrownBy(journal::sync).isInstanceOf(JournalFailedException.class);
    assertThatThrownBy(() -> journal.append(batch(10))).isInstanceOf(JournalFailedException.class);
    journal.close();
    assertThat(journal.syncedPosition()).isLessThan(journal.endPosition());
  }

  @Test
  void aFailedWriteFailsTheJournalForGood() throws IOException {
    SegmentedJournal journal = open();
    volume.inject(volume.operations(), SimulatedFault.FULL);
    assertThatThrownBy(() -> journal.append(batch(10))).isInstanceOf(JournalFailedException.class);
    assertThatThrownBy(() -> journal.append(batch(10))).isInstanceOf(JournalFailedException.class);
  }

  @Test
  void aDiskTooFullForANewSegmentRefusesTheBatchAndTakesItWhenThereIsRoom() throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch(900));
      volume.limitCapacity(JournalWorkload.SEGMENT_BYTES + 100);
      assertThatThrownBy(() -> journal.append(batch(901))).isInstanceOf(VolumeFullException.class);
      volume.limitCapacity(Long.MAX_VALUE);
      journal.append(batch(902));
    }
    open().close();
    assertThat(replayed.stream().map(record -> record.body().remaining()))
        .containsExactly(900, 902);
  }

  @Test
  void anAppendThatNeedsTheSegmentBeingPreparedIsAFaultOfTheCaller() throws IOException {
    SegmentedJournal journal = open();
    journal.append(batch(900));
    JournalTask preparation = journal.beginPreparation();
    assertThat(journal.needsNewSegment(batch(900))).isTrue();
    assertThatThrownBy(() -> journal.append(batch(900))).isInstanceOf(IllegalStateException.class);
    preparation.run();
    journal.finish(preparation);
    journal.append(batch(900));
    journal.close();
  }

  @Test
  void refusesWhatIsNoRecordOrNoBatch() throws IOException {
    JournalBatch batch = new JournalBatch();
    assertThatThrownBy(() -> batch.add(0, new byte[1])).hasMessageContaining("1 to 127");
    assertThatThrownBy(() -> batch.add(128, new byte[1])).hasMessageContaining("1 to 127");
    assertThatThrownBy(() -> batch.add(1, new byte[JournalBatch.RECORD_BYTES_MAX + 1]))
        .hasMessageContaining("16777216");
    batch.add(1, ByteBuffer.allocate(JournalBatch.RECORD_BYTES_MAX));
    assertThat(batch.fits(JournalBatch.RECORD_BYTES_MAX)).isFalse();
    try (SegmentedJournal journal = open()) {
      assertThatThrownBy(() -> journal.append(new JournalBatch()))
          .isInstanceOf(IllegalArgumentException.class);
      journal.append(batch);
    }
    assertThatThrownBy(() -> new JournalOptions(JournalWorkload.ID, 100, () -> 0))
        .hasMessageContaining("not 100");
  }

  @Test
  void openingAndClosingManyTimesKeepsEverythingAndStaysSmall() throws IOException {
    for (int i = 0; i < 50; i++) {
      try (SegmentedJournal journal = open()) {
        assertThat(replayed).hasSize(i);
        journal.append(batch(i));
        assertThat(journal.recovery().cutBytes()).isZero();
      }
    }
    assertThat(volume.list()).hasSizeLessThan(15);
  }

  @Test
  void anOldCopyOfTheDiskShowsByItsEnd() throws IOException {
    SegmentedJournal journal = open();
    journal.append(batch(10));
    journal.sync();
    SimulatedVolume old = volume.copy();
    long known = journal.append(batch(20));
    journal.close();
    old.crash();
    JournalOptions options =
        new JournalOptions(JournalWorkload.ID, JournalWorkload.SEGMENT_BYTES, () -> 3);
    try (SegmentedJournal setBack =
        SegmentedJournal.open(
            old,
            options,
            known,
            (_, _, _) -> {
              throw new AssertionError("nothing lies there");
            })) {
      assertThat(setBack.recovery().endPosition()).isLessThan(known);
    }
  }
}
