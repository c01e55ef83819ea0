package io.gamut.storage.journal;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Disk work of a {@link SegmentedJournal} that may run on another thread while the journal is
 * appended to.
 *
 * <p>Three steps: the journal's thread begins it ({@code journal.beginSync()} and the like); any
 * thread calls {@link #run}; the journal's thread calls {@link SegmentedJournal#finish}. From step
 * to step the threads must hand over as the Java memory model asks (a lock will do). A task touches
 * only files, never the journal's own state.
 */
public abstract sealed class JournalTask {
  private @Nullable IOException failure;
  private boolean done;

  private JournalTask() {}

  /**
   * Does the work, once. It never throws: a failure comes out of {@link SegmentedJournal#finish}.
   */
  public final void run() {
    requireNotDone();
    try {
      work();
    } catch (IOException e) {
      failure = e;
    }
    done = true;
  }

  private void requireNotDone() {
    if (done) {
      throw new IllegalStateException("a task of the journal runs once");
    }
  }

  final @Nullable IOException failure() {
    if (!done) {
      throw new IllegalStateException("run a task of the journal before finishing it");
    }
    return failure;
  }

  abstract void work() throws IOException;

  /** Makes everything durable that was appended before it began. */
  public static final class Sync extends JournalTask {
    final List<Segment> segments;
    final long position;

    Sync(List<Segment> segments, long position) {
      this.segments = segments;
      this.position = position;
    }

    @Override
    void work() throws IOException {
      for (Segment segment : segments) {
        segment.sync();
      }
    }
  }

  /** Makes the next segment, so that no append has to wait for it. */
  public static final class Preparation extends JournalTask {
    private final SegmentFiles files;
    private final SegmentHeader header;
    @Nullable Segment prepared;

    Preparation(SegmentFiles files, SegmentHeader header) {
      this.files = files;
      this.header = header;
    }

    @Override
    void work() throws IOException {
      prepared = files.create(header);
    }
  }

  /** Deletes segments from the front of the journal. */
  public static final class Removal extends JournalTask {
    final List<Segment> segments;
    private final SegmentFiles files;
    int removed;

    Removal(SegmentFiles files, List<Segment> segments) {
      this.files = files;
      this.segments = segments;
    }

    @Override
    void work() throws IOException {
      for (Segment segment : segments) {
        files.delete(segment);
        removed++;
      }
    }
  }
}
