package io.gamut.storage.journal;

import io.gamut.storage.volume.VolumeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * One file of the journal: a header and then the positions from {@link #first} to {@link #limit},
 * filled up to {@link #end}. The next segment begins at this one's limit, whatever is left free
 * here.
 */
final class Segment {
  static final String SUFFIX = ".journal";

  private final SegmentHeader header;
  private final VolumeFile file;
  private long end;

  Segment(SegmentHeader header, VolumeFile file) {
    this.header = header;
    this.file = file;
    this.end = header.firstPosition();
  }

  static String nameOf(long firstPosition) {
    return HexFormat.of().toHexDigits(firstPosition) + SUFFIX;
  }

  String name() {
    return nameOf(header.firstPosition());
  }

  SegmentHeader header() {
    return header;
  }

  JournalId id() {
    return header.id();
  }

  long salt() {
    return header.salt();
  }

  long first() {
    return header.firstPosition();
  }

  /** Where the last batch ends. */
  long end() {
    return end;
  }

  /** Where the file ends. */
  long limit() {
    return header.firstPosition() + header.capacityBytes();
  }

  /** How many bytes a batch may still have. */
  long room() {
    return limit() - end;
  }

  boolean isHalfFull() {
    return end - first() > header.capacityBytes() / 2;
  }

  void endAt(long position) {
    end = position;
  }

  void write(long position, ByteBuffer bytes) throws IOException {
    file.write(offsetOf(position), bytes);
  }

  /** Reads up to as much as the target has room for; the caller keeps within {@link #limit}. */
  int read(long position, ByteBuffer target) throws IOException {
    return file.read(offsetOf(position), target);
  }

  void sync() throws IOException {
    file.sync();
  }

  void close() throws IOException {
    file.close();
  }

  private long offsetOf(long position) {
    return SegmentHeader.BYTES + position - first();
  }
}
