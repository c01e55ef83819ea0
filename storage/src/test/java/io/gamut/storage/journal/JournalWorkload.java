package io.gamut.storage.journal;

import io.gamut.storage.volume.SimulatedVolume;
import io.gamut.storage.volume.VolumeFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Does random things to a journal on a simulated volume, the same for the same seed. */
final class JournalWorkload {
  static final JournalId ID = new JournalId(1, 2);

  /** Room for a few batches a segment; the largest need one of their own. */
  static final int SEGMENT_BYTES = SegmentHeader.BYTES + 1024;

  private final SplittableRandom random;
  private final JournalBatch batch = new JournalBatch();
  private final SimulatedVolume volume;
  private final JournalModel model;

  JournalWorkload(long seed, SimulatedVolume volume, JournalModel model) {
    this.random = new SplittableRandom(seed);
    this.volume = volume;
    this.model = model;
  }

  static SegmentedJournal open(SimulatedVolume volume, long salt, List<JournalModel.Replayed> into)
      throws IOException {
    SplittableRandom salts = new SplittableRandom(salt);
    JournalOptions options = new JournalOptions(ID, SEGMENT_BYTES, salts::nextLong);
    return SegmentedJournal.open(volume, options, collector(into));
  }

  static JournalVisitor collector(List<JournalModel.Replayed> into) {
    return (position, type, body) -> {
      ByteBuffer copy = ByteBuffer.allocate(body.remaining()).put(body);
      into.add(new JournalModel.Replayed(position, type, copy.flip()));
    };
  }

  /** Opens the journal, checks it against the model, does some steps and closes it. */
  void run(int steps, String what) throws IOException {
    SegmentedJournal journal = openVerified(what);
    for (int i = 0; i < steps; i++) {
      journal = step(journal, what);
    }
    close(journal);
  }

  SegmentedJournal openVerified(String what) throws IOException {
    List<JournalModel.Replayed> replayed = new ArrayList<>();
    SegmentedJournal journal = open(volume, random.nextLong(), replayed);
    model.verify(replayed, what);
    return journal;
  }

  private SegmentedJournal step(SegmentedJournal journal, String what) throws IOException {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> append(journal);
      case 5, 6 -> {
        journal.sync();
        model.synced(model.size());
      }
      case 7 -> syncWhileAppending(journal);
      case 8 -> journal.truncateBefore(model.truncate(random));
      case 9 -> journal.prepareNextSegment();
      case 10 -> journal.mark();
      default -> {
        close(journal);
        return openVerified(what);
      }
    }
    return journal;
  }

  private void append(SegmentedJournal journal) throws IOException {
    model.attempt(batch, 1 + random.nextInt(4));
    try {
      model.appended(journal.append(batch));
    } catch (VolumeFullException e) {
      model.refused();
      throw e;
    }
  }

  private void syncWhileAppending(SegmentedJournal journal) throws IOException {
    int upTo = model.size();
    JournalTask task = journal.beginSync();
    if (random.nextBoolean()) {
      append(journal);
    }
    task.run();
    append(journal);
    journal.finish(task);
    model.synced(upTo);
  }

  private void close(SegmentedJournal journal) throws IOException {
    journal.close();
    model.synced(model.size());
  }
}
