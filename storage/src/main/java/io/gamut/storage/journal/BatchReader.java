package io.gamut.storage.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads whole batches of one segment, and takes nothing for a batch that is not one. */
final class BatchReader {
  private final Segment segment;
  private final SegmentWindow window;

  BatchReader(Segment segment) {
    this.segment = segment;
    this.window = new SegmentWindow(segment);
  }

  /** The header of the batch at a position, if header and records are as they were written. */
  @Nullable BatchHeader read(long position) throws IOException {
    int index = window.load(position, BatchHeader.BYTES);
    if (index < 0 || !BatchHeader.isAt(window.bytes(), index, segment.salt(), position)) {
      return null;
    }
    BatchHeader header = BatchHeader.decode(window.bytes(), index);
    if (!header.fits(segment.first(), segment.limit())) {
      return null;
    }
    index = window.load(position, header.length());
    return index >= 0 && header.bodyCrc() == bodyCrc(index, header) ? header : null;
  }

  private int bodyCrc(int index, BatchHeader header) {
    int bodyBytes = header.length() - BatchHeader.BYTES;
    return BatchHeader.crc(window.bytes(), index + BatchHeader.BYTES, bodyBytes);
  }

  /**
   * Gives the visitor the records of a batch just read that lie at a position or above.
   *
   * @throws JournalCorruptException when the checksums are right and the records still make no
   *     sense
   */
  void visit(BatchHeader header, long from, JournalVisitor visitor) throws IOException {
    walk(header, Long.MAX_VALUE, visitor); // so that no record of a malformed batch is given
    if (!header.isMark() && header.end() > from) {
      visitor.onBatch(header.position());
    }
    walk(header, from, visitor);
  }

  private void walk(BatchHeader header, long from, JournalVisitor visitor) throws IOException {
    int index = window.load(header.position(), header.length());
    int end = index + header.length();
    int at = index + BatchHeader.BYTES;
    ByteBuffer bytes = window.bytes();
    for (int record = 0; record < header.recordCount(); record++) {
      if (end - at < JournalBatch.RECORD_HEADER_BYTES) {
        throw malformed(header);
      }
      int type = bytes.get(at);
      int length = bytes.getInt(at + 1);
      int body = at + JournalBatch.RECORD_HEADER_BYTES;
      if (type < 1 || length < 0 || length > end - body) {
        throw malformed(header);
      }
      long position = header.position() + (at - index);
      if (position >= from) {
        visitor.onRecord(position, type, bytes.slice(body, length).asReadOnlyBuffer());
      }
      at = body + length;
    }
    if (at != end) {
      throw malformed(header);
    }
  }

  private JournalCorruptException malformed(BatchHeader header) {
    return new JournalCorruptException(
        segment.name(),
        header.position(),
        header.end(),
        "the batch there matches its checksums, but its records do not fill it");
  }
}
