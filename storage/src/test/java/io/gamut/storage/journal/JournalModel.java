package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a journal under test was told, and what it must therefore still hold after a crash: every
 * synced batch, in order and byte for byte, then whole batches without a gap, and nothing else.
 */
final class JournalModel {
  /** A record is told by its number, which is never given twice; its bytes follow from it. */
  record Entry(long number, int batch, int type) {
    byte[] body() {
      SplittableRandom random = new SplittableRandom(number);
      int bytes = random.nextInt(10) == 0 ? 1500 : random.nextInt(200);
      ByteBuffer body = ByteBuffer.allocate(Long.BYTES + bytes);
      random.nextBytes(body.array());
      return body.putLong(0, number).array();
    }
  }

  /** A record as the journal gave it back. */
  record Replayed(long position, int type, ByteBuffer body) {}

  private final List<Entry> entries;
  private final List<Long> batchEnds;
  private long lastNumber;
  private int synced;
  private int keepFrom;

  JournalModel() {
    entries = new ArrayList<>();
    batchEnds = new ArrayList<>();
  }

  private JournalModel(JournalModel other) {
    entries = new ArrayList<>(other.entries);
    batchEnds = new ArrayList<>(other.batchEnds);
    lastNumber = other.lastNumber;
    synced = other.synced;
    keepFrom = other.keepFrom;
  }

  JournalModel copy() {
    return new JournalModel(this);
  }

  /** The end of a batch whose append never returned. */
  private static final long UNKNOWN = Long.MAX_VALUE;

  /** Fills a batch with new records and counts them as perhaps written. */
  JournalBatch attempt(JournalBatch batch, int records) {
    batch.clear();
    for (int i = 0; i < records; i++) {
      Entry entry = new Entry(++lastNumber, batchEnds.size(), 1 + (int) (lastNumber % 127));
      entries.add(entry);
      batch.add(entry.type(), entry.body());
    }
    batchEnds.add(UNKNOWN);
    return batch;
  }

  void appended(long end) {
    batchEnds.set(batchEnds.size() - 1, end);
  }

  /** The last attempt was refused before anything was written. */
  void refused() {
    batchEnds.removeLast();
    entries.removeIf(entry -> entry.batch() == batchEnds.size());
  }

  int size() {
    return entries.size();
  }

  void synced(int upTo) {
    synced = Math.max(synced, upTo);
  }

  /** Chooses a position at which a batch ended, and counts on no record below it any more. */
  long truncate(SplittableRandom random) {
    if (synced <= keepFrom) {
      return 0;
    }
    int batch = entries.get(keepFrom + random.nextInt(synced - keepFrom)).batch();
    if (batchEnds.get(batch) == UNKNOWN) {
      return 0;
    }
    while (keepFrom < entries.size() && entries.get(keepFrom).batch() <= batch) {
      keepFrom++;
    }
    return batchEnds.get(batch);
  }

  /** Checks what was replayed, and goes on from there: what is gone is gone for good. */
  void verify(List<Replayed> replayed, String what) {
    int start =
        replayed.isEmpty() ? Math.min(keepFrom, synced) : indexOf(replayed.getFirst(), what);
    int end = start + replayed.size();
    assertThat(start).as("%s: records lost at the front", what).isLessThanOrEqualTo(keepFrom);
    assertThat(end).as("%s: synced records lost", what).isGreaterThanOrEqualTo(synced);
    assertThat(end).as("%s: too many records", what).isLessThanOrEqualTo(entries.size());
    verifyEach(replayed, start, what);
    if (end < entries.size() && end > 0) {
      assertThat(entries.get(end).batch())
          .as("%s: half a batch", what)
          .isNotEqualTo(entries.get(end - 1).batch());
    }
    entries.subList(end, entries.size()).clear();
    synced = end;
    keepFrom = Math.min(keepFrom, end);
  }

  /** Checks that what was replayed is a run of what was written, however long. */
  void verifyRun(List<Replayed> replayed, String what) {
    if (!replayed.isEmpty()) {
      verifyEach(replayed, indexOf(replayed.getFirst(), what), what);
    }
  }

  private void verifyEach(List<Replayed> replayed, int start, String what) {
    long position = -1;
    for (int i = 0; i < replayed.size(); i++) {
      Replayed record = replayed.get(i);
      Entry entry = entries.get(start + i);
      assertThat(record.type()).as("%s: type of record %s", what, i).isEqualTo(entry.type());
      assertThat(record.body())
          .as("%s: body of record %s", what, i)
          .isEqualTo(ByteBuffer.wrap(entry.body()));
      assertThat(record.position()).as("%s: position of %s", what, i).isGreaterThan(position);
      assertThat(record.position())
          .as("%s: position of %s", what, i)
          .isLessThan(batchEnds.get(entry.batch()));
      position = record.position();
    }
  }

  private int indexOf(Replayed record, String what) {
    long number = record.body().getLong(0);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).number() == number) {
        return i;
      }
    }
    throw new AssertionError(what + ": a record that is not there any more: " + number);
  }
}
