package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.storage.volume.SimulatedVolume;
import io.gamut.storage.volume.VolumeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged and hostile files: reported, or of no consequence; never a wrong or a missing record. */
final class JournalDamageTest {
  private static final int BATCHES = 9;

  private final SimulatedVolume volume = SimulatedVolume.seeded(1);
  private final JournalModel model = new JournalModel();

  /** Three segments; some batches synced, then perhaps some not. */
  private SegmentedJournal written(int unsyncedBatches) throws IOException {
    SegmentedJournal journal = JournalWorkload.open(volume, 1, new ArrayList<>());
    for (int i = 0; i < BATCHES; i++) {
      model.appended(journal.append(model.attempt(new JournalBatch(), 3)));
      if (i % 3 == 2) {
        journal.sync();
      }
    }
    model.synced(model.size());
    for (int i = 0; i < unsyncedBatches; i++) {
      model.appended(journal.append(model.attempt(new JournalBatch(), 2)));
    }
    assertThat(volume.list()).hasSizeGreaterThan(2);
    return journal;
  }

  @Test
  void aBitFlippedAnywhereInAClosedJournalIsReportedOrOfNoConsequence() throws IOException {
    written(0).close();
    assertThat(flipEverywhere()).isGreaterThan(1000);
  }

  @Test
  void aBitFlippedBeforeAnUnsyncedTailIsReportedAndOneInTheTailCutsIt() throws IOException {
    written(2);
    volume.killProcess();
    assertThat(flipEverywhere()).isGreaterThan(1000);
  }

  @Test
  void damageToTheLastSyncedBatchIsReportedOnceAMarkLiesBehindIt() throws IOException {
    SegmentedJournal journal = written(0);
    journal.mark();
    volume.killProcess();
    assertThat(flipEverywhere()).isGreaterThan(1000);
  }

  /** Flips one bit of each byte of each file in turn; returns how often that was reported. */
  private int flipEverywhere() throws IOException {
    int reported = 0;
    SplittableRandom bits = new SplittableRandom(3);
    for (String name : volume.list()) {
      long bytes = volume.open(name).length();
      for (long index = 0; index < bytes; index++) {
        long bit = index * Byte.SIZE + bits.nextInt(Byte.SIZE);
        SimulatedVolume damaged = volume.copy();
        damaged.flipBit(name, bit);
        reported += reports(damaged, name + ", bit " + bit) ? 1 : 0;
      }
    }
    return reported;
  }

  private boolean reports(SimulatedVolume damaged, String what) throws IOException {
    List<JournalModel.Replayed> replayed = new ArrayList<>();
    try {
      JournalWorkload.open(damaged, 2, replayed);
      model.copy().verify(replayed, what);
      return false;
    } catch (JournalCorruptException e) {
      model.verifyRun(replayed, what);
      assertThat(e.lostUpTo()).as(what).isGreaterThanOrEqualTo(e.position());
      assertThat(damaged.list()).as(what).contains(e.segment());
      return true;
    }
  }

  @Test
  void aFileCutShortAnywhereIsReported() throws IOException {
    written(0).close();
    for (String name : volume.list()) {
      long length = volume.open(name).length();
      for (long left = 0; left < length; left += 1 + left / 50) {
        SimulatedVolume damaged = volume.copy();
        damaged.open(name).truncate(left);
        assertThat(reports(damaged, name + " cut to " + left)).isTrue();
      }
    }
  }

  @Test
  void aMissingSegmentInTheMiddleIsReported() throws IOException {
    written(0).close();
    SimulatedVolume damaged = volume.copy();
    damaged.delete(volume.list().get(1));
    assertThat(reports(damaged, "missing segment")).isTrue();
  }

  @Test
  void aSegmentOfAnotherJournalIsReported() throws IOException {
    written(0).close();
    String name = volume.list().get(1);
    try (VolumeFile file = volume.open(name)) {
      long first = Long.parseLong(name, 0, 16, 16);
      file.write(0, new SegmentHeader(new JournalId(6, 6), first, 1024, -1).encode());
    }
    assertThatThrownBy(() -> JournalWorkload.open(volume, 2, new ArrayList<>()))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("belongs to the journal");
  }

  @Test
  void aNewerFormatIsRefusedByItsNumberAndNothingIsTouched() throws IOException {
    written(0).close();
    ByteBuffer header = ByteBuffer.allocate(16);
    VolumeFile file = volume.open(volume.list().getFirst());
    file.read(0, header);
    header.putInt(8, 2).putInt(12, BatchHeader.crc(header.clear(), 0, 12));
    file.write(0, header);
    long operations = volume.operations();
    assertThatThrownBy(() -> JournalWorkload.open(volume, 2, new ArrayList<>()))
        .isInstanceOf(JournalVersionException.class)
        .hasMessageContaining("version 2")
        .hasMessageContaining("up to 1");
    assertThat(volume.operations()).isEqualTo(operations);
  }

  @Test
  void randomBytesInASegmentAreNeverRecords() throws IOException {
    JournalWorkload.open(volume, 1, new ArrayList<>()).close();
    String name = volume.list().getFirst();
    for (int seed = 0; seed < 200; seed++) {
      byte[] junk = new byte[1024];
      new SplittableRandom(seed).nextBytes(junk);
      SimulatedVolume damaged = volume.copy();
      damaged.open(name).write(SegmentHeader.BYTES, ByteBuffer.wrap(junk));
      List<JournalModel.Replayed> replayed = new ArrayList<>();
      JournalWorkload.open(damaged, 2, replayed).close();
      assertThat(replayed).as("seed %s", seed).isEmpty();
    }
  }

  @Test
  void aHeaderThatLiesUnderARightChecksumMakesNoRecordAndNoLargeBuffer() throws IOException {
    long salt = saltOfFirstSegment();
    int[] lengths = {Integer.MIN_VALUE, -1, 0, 55, 56, 57, 1024, 1025, Integer.MAX_VALUE};
    int[] counts = {Integer.MIN_VALUE, -1, 1, 1000, Integer.MAX_VALUE};
    for (int length : lengths) {
      for (int count : counts) {
        BatchHeader header = new BatchHeader(salt, length, count, 0, 0, 0, 1, 0);
        assertNoRecords(header, "length " + length + ", count " + count);
      }
    }
    assertNoRecords(new BatchHeader(salt, 56, 0, 0, 77, 0, 1, 0), "previous end above");
    assertNoRecords(new BatchHeader(salt, 56, 0, 0, -1, -5, 1, 0), "negative positions");
  }

  private long saltOfFirstSegment() throws IOException {
    JournalWorkload.open(volume, 1, new ArrayList<>()).close();
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
    volume.open(volume.list().getFirst()).read(0, bytes);
    return SegmentHeader.decode(bytes.flip()) instanceof SegmentHeader.Reading.Good good
        ? good.header().salt()
        : 0;
  }

  private void assertNoRecords(BatchHeader header, String what) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1024);
    header.encode(bytes);
    SimulatedVolume hostile = volume.copy();
    hostile.open(hostile.list().getFirst()).write(SegmentHeader.BYTES, bytes.clear());
    List<JournalModel.Replayed> replayed = new ArrayList<>();
    JournalWorkload.open(hostile, 2, replayed).close();
    assertThat(replayed).as(what).isEmpty();
  }

  @Test
  void recordsThatDoNotFillTheirBatchAreReportedThoughTheChecksumsAreRight() throws IOException {
    long salt = saltOfFirstSegment();
    for (int length : new int[] {-1, 0, 19, 21, Integer.MAX_VALUE}) {
      ByteBuffer bytes = ByteBuffer.allocate(1024);
      int bodyBytes = 5 + 20;
      bytes.put(BatchHeader.BYTES, (byte) 9).putInt(BatchHeader.BYTES + 1, length);
      int crc = BatchHeader.crc(bytes, BatchHeader.BYTES, bodyBytes);
      new BatchHeader(salt, BatchHeader.BYTES + bodyBytes, 1, 0, 0, 0, 1, crc).encode(bytes);
      SimulatedVolume hostile = volume.copy();
      hostile.open(hostile.list().getFirst()).write(SegmentHeader.BYTES, bytes.clear());
      assertThat(reports(hostile, "record of " + length + " bytes in 20")).isTrue();
    }
  }
}
