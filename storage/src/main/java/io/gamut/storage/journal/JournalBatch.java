package io.gamut.storage.journal;

import java.nio.ByteBuffer;

/**
 * Records that are written together: after a crash all of them are there or none.
 *
 * <p>Reusable, and meant to be reused: it keeps its buffer (outside the heap) from {@link #clear}
 * to the next filling, so that a busy journal allocates nothing per batch. For one thread at a
 * time.
 *
 * <p>A record is a type, 1 to 127, and a body that the journal does not look into. By convention 1
 * to 63 belong to the weak world (updates, origins, clock bounds) and 64 to 127 to the ledger
 * (entries, term and vote).
 */
public final class JournalBatch {
  /** The longest body: the largest value (8 MiB) with its key, twice over. */
  public static final int RECORD_BYTES_MAX = 16 << 20;

  /** The longest batch, header included. */
  public static final int BATCH_BYTES_MAX = 32 << 20;

  public static final int TYPE_MAX = 127;

  /** What stands before each body: type (1) and length (4). */
  static final int RECORD_HEADER_BYTES = 5;

  private static final int BYTES_INITIAL = 4096;

  /** A buffer that one large batch has made larger than this is given up by {@link #clear}. */
  private static final int BYTES_KEPT_MAX = 1 << 20;

  private ByteBuffer buffer = emptied(ByteBuffer.allocateDirect(BYTES_INITIAL));
  private int recordCount;

  /** The number of records. */
  public int recordCount() {
    return recordCount;
  }

  public boolean isEmpty() {
    return recordCount == 0;
  }

  /** The length in bytes that the batch will have in the journal, header included. */
  public int bytes() {
    return buffer.position();
  }

  /** Whether a body of this length still fits. */
  public boolean fits(int bodyBytes) {
    return bodyBytes <= RECORD_BYTES_MAX
        && bodyBytes <= BATCH_BYTES_MAX - bytes() - RECORD_HEADER_BYTES;
  }

  /** Adds a record with all that remains in the body, which is left as it was. */
  public JournalBatch add(int type, ByteBuffer body) {
    int bodyBytes = body.remaining();
    begin(type, bodyBytes);
    buffer.put(buffer.position(), body, body.position(), bodyBytes);
    buffer.position(buffer.position() + bodyBytes);
    return this;
  }

  /** Adds a record. */
  public JournalBatch add(int type, byte[] body) {
    begin(type, body.length);
    buffer.put(body);
    return this;
  }

  private void begin(int type, int bodyBytes) {
    if (type < 1 || type > TYPE_MAX) {
      throw new IllegalArgumentException("a record's type is 1 to " + TYPE_MAX + ", not " + type);
    }
    if (!fits(bodyBytes)) {
      throw new IllegalArgumentException(
          "a record of "
              + bodyBytes
              + " bytes does not fit: a record has at most "
              + RECORD_BYTES_MAX
              + " bytes, a batch "
              + BATCH_BYTES_MAX
              + ", and this one has "
              + bytes());
    }
    ensureRoom(RECORD_HEADER_BYTES + bodyBytes);
    buffer.put((byte) type).putInt(bodyBytes);
    recordCount++;
  }

  /** Forgets all records. */
  public void clear() {
    if (buffer.capacity() > BYTES_KEPT_MAX) {
      buffer = ByteBuffer.allocateDirect(BYTES_INITIAL);
    }
    emptied(buffer);
    recordCount = 0;
  }

  /** Whether all records of another batch fit in here too, under a limit in bytes. */
  boolean fitsAll(JournalBatch other, int bytesMax) {
    return bytes() + other.bytes() - BatchHeader.BYTES <= Math.min(bytesMax, BATCH_BYTES_MAX);
  }

  /**
   * Moves all records of another batch to the end of this one; into an empty one without copying.
   */
  void takeAll(JournalBatch other) {
    if (isEmpty()) {
      ByteBuffer mine = buffer;
      buffer = other.buffer;
      other.buffer = mine;
    } else {
      int bytes = other.bytes() - BatchHeader.BYTES;
      ensureRoom(bytes);
      buffer.put(buffer.position(), other.buffer, BatchHeader.BYTES, bytes);
      buffer.position(buffer.position() + bytes);
    }
    recordCount += other.recordCount;
    other.clear();
  }

  /**
   * Fills the header in and gives all the bytes to write. The batch can be sealed again, and be
   * added to.
   */
  ByteBuffer seal(long salt, long position, long previousEnd, long syncedPosition, long life) {
    int bodyCrc = BatchHeader.crc(buffer.duplicate().clear(), BatchHeader.BYTES, bodyBytes());
    new BatchHeader(
            salt, bytes(), recordCount, position, previousEnd, syncedPosition, life, bodyCrc)
        .encode(buffer);
    return buffer.duplicate().flip();
  }

  private int bodyBytes() {
    return bytes() - BatchHeader.BYTES;
  }

  private void ensureRoom(int moreBytes) {
    if (buffer.remaining() >= moreBytes) {
      return;
    }
    int needed = bytes() + moreBytes;
    int doubled = Math.min(BATCH_BYTES_MAX, buffer.capacity() * 2);
    ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(needed, doubled));
    buffer = larger.put(buffer.flip());
  }

  private static ByteBuffer emptied(ByteBuffer buffer) {
    return buffer.clear().position(BatchHeader.BYTES);
  }
}
