package io.gamut.storage.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What stands before the records of each batch.
 *
 * <p>Layout, big-endian: salt of the segment (8), length with this header (4), record count (4),
 * position (8), end of the batch before (8), synced position when written (8), life (8), CRC32C of
 * the records (4), CRC32C of all before (4).
 *
 * <p>The salt is drawn anew for every segment and stands where other formats have a magic number:
 * bytes from an old life of the disk, or from a value that a client chose, do not begin with it.
 * The header has a checksum of its own because a header says something even when its records are
 * torn: that at the moment it was written, everything below {@code syncedPosition} was on the disk.
 *
 * @param length in bytes, header included
 * @param position where the batch begins
 * @param previousEnd where the batch before it ended: its own position, but for the first of a
 *     segment
 * @param syncedPosition up to where the journal was known to be synced when this was written
 * @param life a number drawn at random for each opening of the journal
 */
record BatchHeader(
    long salt,
    int length,
    int recordCount,
    long position,
    long previousEnd,
    long syncedPosition,
    long life,
    int bodyCrc) {
  static final int BYTES = 56;

  private static final int HEADER_CRC_AT = 52;

  /** Puts the header at the start of a buffer whose records follow it. */
  void encode(ByteBuffer bytes) {
    bytes.putLong(0, salt).putInt(8, length).putInt(12, recordCount);
    bytes.putLong(16, position).putLong(24, previousEnd).putLong(32, syncedPosition);
    bytes.putLong(40, life);
    bytes.putInt(48, bodyCrc).putInt(HEADER_CRC_AT, crc(bytes, 0, HEADER_CRC_AT));
  }

  /** Whether the bytes at an index hold a header of this segment that belongs at this position. */
  static boolean isAt(ByteBuffer bytes, int index, long salt, long position) {
    return bytes.limit() - index >= BYTES
        && bytes.getLong(index) == salt
        && bytes.getLong(index + 16) == position
        && bytes.getInt(index + HEADER_CRC_AT) == crc(bytes, index, HEADER_CRC_AT);
  }

  /** Reads what {@link #isAt} has found to be a header. */
  static BatchHeader decode(ByteBuffer bytes, int index) {
    return new BatchHeader(
        bytes.getLong(index),
        bytes.getInt(index + 8),
        bytes.getInt(index + 12),
        bytes.getLong(index + 16),
        bytes.getLong(index + 24),
        bytes.getLong(index + 32),
        bytes.getLong(index + 40),
        bytes.getInt(index + 48));
  }

  /** Whether it can have been written into a segment that covers these positions. */
  boolean fits(long segmentFirst, long segmentLimit) {
    return length >= BYTES
        && length <= JournalBatch.BATCH_BYTES_MAX
        && length <= segmentLimit - position
        && recordCount >= 0
        && recordCount <= (length - BYTES) / JournalBatch.RECORD_HEADER_BYTES
        && syncedPosition >= 0
        && syncedPosition <= previousEnd
        && (position == segmentFirst ? previousEnd <= position : previousEnd == position);
  }

  /** Whether it is a mark: no records, only word of what is synced and of whose life this is. */
  boolean isMark() {
    return recordCount == 0;
  }

  /**
   * Whether it may follow another. A batch with records and another life is one from before a cut:
   * see {@code JournalRecovery}.
   */
  boolean isSequelOf(BatchHeader before) {
    return previousEnd == before.end() && (life == before.life() || isMark());
  }

  long end() {
    return position + length;
  }

  static int crc(ByteBuffer bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(from + length).position(from));
    return (int) crc.getValue();
  }
}
