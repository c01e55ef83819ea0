package io.gamut.storage.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of an open journal, each beginning at the limit of the one before: those with
 * batches, of which the last is written to, and perhaps a spare that is ready to follow it.
 */
final class SegmentRow {
  private final SegmentFiles files;
  private final JournalId id;
  private final long capacityBytes;
  private final ArrayDeque<Segment> segments;
  private List<JournalExtent.Part> parts = List.of();
  private @Nullable Segment spare;
  private JournalTask.@Nullable Preparation preparing;

  /**
   * @param segments at least one
   * @param capacityBytes of segments to come
   */
  SegmentRow(
      SegmentFiles files, List<Segment> segments, @Nullable Segment spare, long capacityBytes) {
    this.files = files;
    this.id = segments.getFirst().id();
    this.capacityBytes = capacityBytes;
    this.segments = new ArrayDeque<>(segments);
    this.spare = spare;
    listParts();
  }

  /** The segments as a reader needs to know them. */
  List<JournalExtent.Part> parts() {
    return parts;
  }

  private void listParts() {
    parts =
        segments.stream()
            .map(each ->
                new JournalExtent.Part(
                    each.header(), each == active() ? JournalExtent.GROWING : each.end()))
            .toList();
  }

  SegmentFiles files() {
    return files;
  }

  JournalId id() {
    return id;
  }

  long first() {
    return segments.getFirst().first();
  }

  /** The segment that is written to. */
  Segment active() {
    return segments.getLast();
  }

  /**
   * A segment with room for a batch of this length, which is the active one from now on.
   *
   * @throws IOException when none could be made; the row is as it was
   */
  Segment roomFor(int bytes) throws IOException {
    if (active().room() >= bytes) {
      return active();
    }
    if (preparing != null) {
      throw new IllegalStateException("finish the preparation of the next segment first");
    }
    Segment next = spareFor(bytes);
    if (next == null) {
      next = files.create(files.draw(id, active().limit(), Math.max(capacityBytes, bytes)));
    }
    spare = null;
    segments.addLast(next);
    listParts();
    return next;
  }

  /** The spare, unless it is too small; then it makes way, so that the row has no gap. */
  private @Nullable Segment spareFor(int bytes) throws IOException {
    Segment prepared = spare;
    if (prepared == null || prepared.room() >= bytes) {
      return prepared;
    }
    spare = null;
    files.delete(prepared);
    return null;
  }

  boolean needsPreparation() {
    return spare == null && preparing == null && active().isHalfFull();
  }

  boolean hasSpare() {
    return spare != null;
  }

  JournalTask.Preparation beginPreparation() {
    if (preparing != null || spare != null) {
      throw new IllegalStateException("the next segment is ready, or being prepared");
    }
    JournalTask.Preparation begun =
        new JournalTask.Preparation(files, files.draw(id, active().limit(), capacityBytes));
    preparing = begun;
    return begun;
  }

  void endPreparation(JournalTask.Preparation preparation) {
    preparing = null;
    spare = preparation.prepared;
  }

  /**
   * Takes the segments out whose successors begin at a position or below. One whose last batch ends
   * there stays: else the journal would begin behind the position that it was kept from.
   */
  JournalTask.Removal beginRemoval(long position, List<Segment> inUse) {
    List<Segment> below = new ArrayList<>();
    while (segments.size() > 1
        && segments.getFirst().limit() <= position
        && !inUse.contains(segments.getFirst())) {
      below.add(segments.removeFirst());
    }
    listParts();
    return new JournalTask.Removal(files, below);
  }

  /**
   * Puts back what could not be deleted: if it were forgotten, a later removal would leave a gap.
   */
  void endRemoval(JournalTask.Removal removal) {
    for (int i = removal.segments.size() - 1; i >= removal.removed; i--) {
      segments.addFirst(removal.segments.get(i));
    }
    listParts();
  }

  /** The segments that hold anything behind a position. */
  List<Segment> behind(long position) {
    List<Segment> found = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.end() > position) {
        found.add(segment);
      }
    }
    return found;
  }

  /**
   * Closes those files that will not be written or synced again. While the sync ran, more may have
   * been written to a segment, and the next one begun: such a one needs another sync.
   */
  void closeFinished(List<Segment> candidates, long synced) throws IOException {
    for (Segment segment : candidates) {
      if (segment != active() && segment.end() <= synced) {
        segment.close();
      }
    }
  }

  void close() throws IOException {
    for (Segment segment : segments) {
      segment.close();
    }
    if (spare != null) {
      spare.close();
    }
  }
}
