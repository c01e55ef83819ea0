package io.gamut.storage.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first {@value #BYTES} bytes of a segment file: written and synced before the file gets its
 * name, and never again.
 *
 * <p>Layout, big-endian: magic (8), format version (4), CRC32C of these twelve (4); then, of this
 * version, the journal's id (16), first position (8), capacity in bytes behind the header (8), salt
 * (8), CRC32C of all before (4), zeros. The first sixteen bytes keep their meaning in every version
 * to come, so that a newer version can be told from a broken header.
 *
 * <p>A page of its own keeps the header out of every sector that is written later.
 */
record SegmentHeader(JournalId id, long firstPosition, long capacityBytes, long salt) {
  static final int BYTES = 4096;
  static final int VERSION = 1;

  private static final long MAGIC = 0x47414D55544A524EL; // "GAMUTJRN"
  private static final int VERSION_CRC_AT = 12;
  private static final int HEADER_CRC_AT = 56;

  /** The result of reading a header: one of these, and bytes that are neither are broken. */
  sealed interface Reading {
    record Good(SegmentHeader header) implements Reading {}

    record Newer(int version) implements Reading {}

    record Broken(String what) implements Reading {}
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(crc(bytes, VERSION_CRC_AT));
    bytes.putLong(id.high()).putLong(id.low());
    bytes.putLong(firstPosition).putLong(capacityBytes).putLong(salt);
    bytes.putInt(crc(bytes, HEADER_CRC_AT));
    return bytes.clear();
  }

  /** Reads a header from the start of a buffer, whatever is in it. */
  static Reading decode(ByteBuffer bytes) {
    if (bytes.limit() < BYTES) {
      return new Reading.Broken("the file is shorter than a segment's header");
    }
    if (bytes.getLong(0) != MAGIC || bytes.getInt(VERSION_CRC_AT) != crc(bytes, VERSION_CRC_AT)) {
      return new Reading.Broken("this is no segment's header");
    }
    int version = bytes.getInt(8);
    if (version > VERSION) {
      return new Reading.Newer(version);
    }
    if (version < 1 || bytes.getInt(HEADER_CRC_AT) != crc(bytes, HEADER_CRC_AT)) {
      return new Reading.Broken("the segment's header does not match its checksum");
    }
    JournalId id = new JournalId(bytes.getLong(16), bytes.getLong(24));
    SegmentHeader header =
        new SegmentHeader(id, bytes.getLong(32), bytes.getLong(40), bytes.getLong(48));
    return header.isPossible()
        ? new Reading.Good(header)
        : new Reading.Broken("the segment's header contradicts itself");
  }

  private boolean isPossible() {
    return firstPosition >= 0
        && capacityBytes > 0
        && capacityBytes <= JournalOptions.SEGMENT_BYTES_MAX
        && firstPosition <= Long.MAX_VALUE - capacityBytes;
  }

  private static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }
}
