package io.gamut.storage.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an open journal forward, a batch at a time, up to what was durable when it began.
 *
 * <p><b>Beside a writer.</b> It opens the files for itself, so that it does not matter which ones
 * the journal still has open. It reads nothing at or behind its limit, and what lies below had been
 * written when it began and is never written again in this life of the journal. A segment that is
 * deleted meanwhile is either open here already, and then stays as it was, or cannot be opened any
 * more.
 *
 * <p><b>Damage.</b> All below the limit is a chain of batches, see {@code JournalRecovery}. What
 * does not continue it is damage, and there is no torn tail to take it for.
 *
 * <p>Threads: one at a time, and any. It must be closed before the journal's volume is.
 */
public final class JournalReader implements Closeable {
  private final SegmentFiles files;
  private final List<JournalExtent.Part> parts;
  private final long start;
  private final long limit;
  private long position;
  private int opened;
  private long partEnd;
  private @Nullable Segment segment;
  private @Nullable BatchReader batches;
  private @Nullable BatchHeader last;

  /**
   * @param limit nothing there or behind is read; the end of a batch
   */
  JournalReader(SegmentFiles files, JournalExtent extent, long start, long limit)
      throws IOException {
    if (start < limit && limit <= extent.first()) {
      throw deleted(start, extent.first());
    }
    this.files = files;
    this.parts = extent.parts();
    this.start = start;
    this.limit = limit;
    this.position = start;
  }

  /** Where the next batch begins, or a later segment; another reader can go on from here. */
  public long position() {
    return position;
  }

  /** Up to where it reads: durable when it began. */
  public long limit() {
    return limit;
  }

  /**
   * Gives the visitor those records of the next batch that lie at the start or above.
   *
   * @return false when there is none below the limit
   * @throws JournalCorruptException when it is not what was written; no record of it was given
   */
  public boolean readBatch(JournalVisitor visitor) throws IOException {
    BatchReader reader = readerAtPosition();
    if (reader == null) {
      return false;
    }
    BatchHeader header = next(reader);
    if (header == null && last == null) {
      header = firstBehindStart(reader);
    }
    if (header == null) {
      throw damaged();
    }
    position = header.position();
    requireAllSinceStart(header);
    reader.visit(header, start, visitor);
    goBehind(header);
    return true;
  }

  /** A start before the first segment is as good as its own, if only free space lay between. */
  private void requireAllSinceStart(BatchHeader header) throws IOException {
    if (last == null && position > start && header.previousEnd() > start) {
      throw deleted(start, position);
    }
  }

  private static IOException deleted(long start, long first) {
    return new IOException(
        "could not read the journal from position "
            + start
            + ": what lay below "
            + first
            + " has been deleted. It was let go while it was still needed");
  }

  private void goBehind(BatchHeader header) {
    last = header;
    position = header.end();
  }

  /** What reads the segment in which the position lies; null when the limit is reached. */
  private @Nullable BatchReader readerAtPosition() throws IOException {
    while (segment == null || position >= partEnd) {
      closeSegment();
      if (position >= limit || opened == parts.size()) {
        return null;
      }
      JournalExtent.Part part = parts.get(opened++);
      partEnd = Math.min(part.end(), limit);
      if (position < partEnd) {
        position = Math.max(position, part.header().firstPosition());
        segment = files.reopen(part.header());
        batches = new BatchReader(segment);
      }
    }
    return batches;
  }

  /** The batch at the position, if it is whole and continues the chain. */
  private @Nullable BatchHeader next(BatchReader reader) throws IOException {
    BatchHeader header = reader.read(position);
    BatchHeader before = last;
    boolean isNext =
        header != null && header.end() <= partEnd && (before == null || header.isSequelOf(before));
    return isNext ? header : null;
  }

  /** The start lies within a batch, or what begins there is damaged: the chain tells which. */
  private @Nullable BatchHeader firstBehindStart(BatchReader reader) throws IOException {
    position = parts.get(opened - 1).header().firstPosition();
    BatchHeader header = next(reader);
    while (header != null && header.end() <= start) {
      goBehind(header);
      header = next(reader);
    }
    return header;
  }

  private JournalCorruptException damaged() {
    String name = Segment.nameOf(parts.get(opened - 1).header().firstPosition());
    return new JournalCorruptException(
        name, position, limit, "what is read there again is not what had been written");
  }

  private void closeSegment() throws IOException {
    Segment open = segment;
    segment = null;
    batches = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeSegment();
  }
}
