package io.gamut.storage.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What lies behind the last readable batch of a segment: whether anything, and what the headers
 * among it say was synced.
 *
 * <p>Headers are looked for at every byte, since nobody knows how long the unreadable batches were.
 * A header counts even if its records are torn. Eight zero bytes are passed over in one step: a
 * salt never begins with a zero byte.
 *
 * @param syncedPosition the greatest that a header speaks of; 0 without any
 * @param usedEnd the position behind the last byte that is not zero; where the scan began, if all
 *     are
 */
record TailScan(long syncedPosition, long usedEnd) {
  private static final int CHUNK_BYTES = 128 << 10;

  static TailScan of(Segment segment, long from) throws IOException {
    SegmentWindow window = new SegmentWindow(segment);
    TailScan found = new TailScan(0, from);
    for (long at = from; at < segment.limit(); ) {
      int length = (int) Math.min(CHUNK_BYTES, segment.limit() - at);
      int index = window.load(at, length);
      if (index < 0) {
        break;
      }
      boolean last = at + length == segment.limit();
      int starts = last ? length : length - BatchHeader.BYTES + 1;
      found = found.scan(window.bytes(), index, starts, at, segment.salt());
      at += starts;
    }
    return found;
  }

  private TailScan scan(ByteBuffer bytes, int index, int starts, long position, long salt) {
    long synced = syncedPosition;
    long used = usedEnd;
    int end = index + starts;
    byte saltByte = (byte) (salt >>> 56);
    for (int i = index; i < end; i++) {
      if (end - i >= Long.BYTES && bytes.getLong(i) == 0) {
        i += Long.BYTES - 1;
        continue;
      }
      byte value = bytes.get(i);
      long here = position + (i - index);
      if (value != 0) {
        used = here + 1;
      }
      if (value == saltByte && BatchHeader.isAt(bytes, i, salt, here)) {
        synced = Math.max(synced, BatchHeader.decode(bytes, i).syncedPosition());
      }
    }
    return new TailScan(synced, used);
  }
}
