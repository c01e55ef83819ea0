package io.gamut.storage.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A part of a segment in memory, moved forward as recovery reads on. It grows for a large batch,
 * and never past the largest that can have been written: lengths come from the disk, and the disk
 * may say anything.
 */
final class SegmentWindow {
  private static final int BYTES = 256 << 10;

  private final Segment segment;
  private ByteBuffer bytes;
  private long start;

  SegmentWindow(Segment segment) {
    this.segment = segment;
    this.start = segment.first();
    long capacity = Math.min(BYTES, segment.limit() - segment.first());
    this.bytes = ByteBuffer.allocate((int) capacity).limit(0);
  }

  /** The loaded bytes; indexes into it come from {@link #load}. */
  ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Makes this many bytes from a position available.
   *
   * @return their index in {@link #bytes()}, or -1 when the segment ends before
   */
  int load(long position, int length) throws IOException {
    if (length > segment.limit() - position || length > JournalBatch.BATCH_BYTES_MAX) {
      return -1;
    }
    if (position < start || position + length > start + bytes.limit()) {
      fill(position, length);
    }
    long index = position - start;
    return index + length <= bytes.limit() ? (int) index : -1;
  }

  private void fill(long position, int length) throws IOException {
    if (length > bytes.capacity()) {
      bytes = ByteBuffer.allocate(length);
    }
    long wanted = Math.min(bytes.capacity(), segment.limit() - position);
    bytes.clear().limit((int) wanted);
    segment.read(position, bytes);
    bytes.flip();
    start = position;
  }
}
