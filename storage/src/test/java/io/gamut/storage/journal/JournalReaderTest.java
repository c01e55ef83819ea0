package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.storage.journal.JournalModel.Replayed;
import io.gamut.storage.volume.SimulatedVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal is read while it is open: all that is durable, and nothing that was not written. */
final class JournalReaderTest {
  private static final int BATCHES = 12;

  private final SimulatedVolume volume = SimulatedVolume.seeded(1);
  private final List<Long> ends = new ArrayList<>();
  private SegmentedJournal journal;

  /** Several segments, the last batches not synced. */
  @BeforeEach
  void write() throws IOException {
    journal = JournalWorkload.open(volume, 1, new ArrayList<>());
    JournalModel model = new JournalModel();
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < BATCHES; i++) {
      ends.add(journal.append(model.attempt(new JournalBatch(), 1 + random.nextInt(4))));
      if (i < BATCHES - 3) {
        journal.sync();
      }
    }
    assertThat(volume.list()).hasSizeGreaterThan(3);
  }

  /** What another opening of the same disk finds below the synced position. */
  private List<Replayed> synced() throws IOException {
    List<Replayed> all = new ArrayList<>();
    JournalWorkload.open(volume.copy(), 2, all);
    all.removeIf(record -> record.position() >= journal.syncedPosition());
    return all;
  }

  private List<Replayed> readFrom(long position) throws IOException {
    List<Replayed> read = new ArrayList<>();
    try (JournalReader reader = journal.readFrom(position)) {
      readAll(reader, read);
      assertThat(reader.position()).isEqualTo(Math.max(position, journal.syncedPosition()));
    }
    return read;
  }

  private static void readAll(JournalReader reader, List<Replayed> into) throws IOException {
    JournalVisitor collector = JournalWorkload.collector(into);
    while (reader.readBatch(collector)) {
      assertThat(reader.position()).isLessThanOrEqualTo(reader.limit());
    }
  }

  @Test
  void readsFromEveryPositionWhatLiesThereOrAboveAndIsSynced() throws IOException {
    List<Replayed> synced = synced();
    for (long from = 0; from < journal.endPosition() + 10; from++) {
      long start = from;
      assertThat(readFrom(from))
          .as("from %s", from)
          .isEqualTo(synced.stream().filter(record -> record.position() >= start).toList());
    }
  }

  @Test
  void anotherReaderGoesOnWhereOneHasStopped() throws IOException {
    List<Replayed> read = new ArrayList<>();
    long position = 0;
    boolean more = true;
    while (more) {
      try (JournalReader reader = journal.readFrom(position)) {
        more = reader.readBatch(JournalWorkload.collector(read));
        position = reader.position();
      }
    }
    assertThat(read).isEqualTo(synced());
  }

  @Test
  void aReaderTellsWhereItsBatchesBegin() throws IOException {
    List<Long> begins = new ArrayList<>();
    JournalVisitor visitor =
        new JournalVisitor() {
          @Override
          public void onBatch(long position) {
            begins.add(position);
          }

          @Override
          public void onRecord(long position, int type, ByteBuffer body) {
            assertThat(position).isGreaterThan(begins.getLast());
          }
        };
    try (JournalReader reader = journal.readFrom(0)) {
      while (reader.readBatch(visitor)) {}
    }
    assertThat(begins).hasSize(BATCHES - 3).isSorted();
    SegmentedJournal.open(
        volume.copy(), JournalOptions.defaults(JournalWorkload.ID, () -> 5), visitor);
    assertThat(begins).hasSize(BATCHES - 3 + BATCHES);
  }

  @Test
  void aReaderKeepsToWhatWasDurableWhenItBegan() throws IOException {
    List<Replayed> before = synced();
    List<Replayed> read = new ArrayList<>();
    try (JournalReader reader = journal.readFrom(0)) {
      journal.sync();
      readAll(reader, read);
    }
    assertThat(read).isEqualTo(before);
    assertThat(readFrom(0)).isEqualTo(synced()).hasSizeGreaterThan(before.size());
  }

  @Test
  void aBitFlippedAnywhereIsReportedOrOfNoConsequence() throws IOException {
    List<Replayed> synced = synced();
    int reported = 0;
    SplittableRandom bits = new SplittableRandom(3);
    for (String name : volume.list()) {
      long bytes = volume.open(name).length();
      for (long index = SegmentHeader.BYTES; index < bytes; index++) {
        long bit = index * Byte.SIZE + bits.nextInt(Byte.SIZE);
        volume.flipBit(name, bit);
        List<Replayed> read = new ArrayList<>();
        try (JournalReader reader = journal.readFrom(0)) {
          readAll(reader, read);
          assertThat(read).as("%s, bit %s", name, bit).isEqualTo(synced);
        } catch (JournalCorruptException e) {
          reported++;
          assertThat(e.segment()).isEqualTo(name);
          assertThat(e.lostUpTo()).isEqualTo(journal.syncedPosition());
          assertThat(read).isEqualTo(synced.subList(0, read.size()));
          assertThat(read).allMatch(record -> record.position() < e.position());
        }
        volume.flipBit(name, bit);
      }
    }
    assertThat(reported).isGreaterThan(1000);
  }

  @Test
  void damageThatAReadBeginsAtIsReportedToo() throws IOException {
    String first = volume.list().getFirst();
    long position = BatchHeader.BYTES; // behind the mark that every opening writes
    volume.flipBit(first, (SegmentHeader.BYTES + position + 60) * Byte.SIZE);
    assertThatThrownBy(() -> readFrom(position))
        .isInstanceOfSatisfying(
            JournalCorruptException.class, e -> assertThat(e.position()).isEqualTo(position));
  }

  @Test
  void whatHasBeenDeletedIsReportedAndNothingElseGivenInItsPlace() throws IOException {
    List<Replayed> all = synced();
    List<Replayed> read = new ArrayList<>();
    try (JournalReader reader = journal.readFrom(0)) {
      reader.readBatch(JournalWorkload.collector(read));
      journal.truncateBefore(ends.get(BATCHES - 4));
      assertThatThrownBy(() -> readAll(reader, read)).isInstanceOf(NoSuchFileException.class);
    }
    assertThat(read).isEqualTo(all.subList(0, read.size()));
    long first = journal.firstPosition();
    List<Replayed> left = all.stream().filter(record -> record.position() >= first).toList();
    long deleted = all.get(all.size() - left.size() - 1).position();
    assertThat(readFrom(first)).isEqualTo(left);
    for (long from = 0; from <= deleted; from++) {
      long start = from;
      assertThatThrownBy(() -> readFrom(start)).hasMessageContaining("has been deleted");
    }
  }

  /** A journal is let go up to the end of a batch, and needed from there. */
  @Test
  void theEndOfADeletedSegmentIsStillAPlaceToBegin() throws IOException {
    List<Replayed> all = synced();
    for (int i = 0; i < BATCHES - 3; i++) {
      long end = ends.get(i);
      journal.truncateBefore(end);
      assertThat(readFrom(end))
          .isEqualTo(all.stream().filter(record -> record.position() >= end).toList());
    }
  }

  @Test
  void aClosedJournalIsNotRead() throws IOException {
    journal.close();
    assertThatThrownBy(() -> journal.readFrom(0)).hasMessageContaining("closed");
  }
}
