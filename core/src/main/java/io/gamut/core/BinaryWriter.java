package io.gamut.core;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing sequence of bytes that the compact encodings are written into.
 *
 * <p>Numbers are LEB128 varints (seven bits a byte, least significant first); what is random, such
 * as an {@link Origin}, is fixed in width. {@link BinaryReader} reads it back.
 *
 * <p><b>Long arrays</b>, of {@value #KEPT_BYTES_MIN} bytes or more, are kept as they are until the
 * whole is taken: whoever writes one must not change it any more.
 */
public final class BinaryWriter {
  /** From here on a copy costs more than one piece more. */
  private static final int KEPT_BYTES_MIN = 32 << 10;

  private static final int CAPACITY_INITIAL = 256;

  private final List<ByteBuffer> pieces = new ArrayList<>(0);
  private int piecesLength;
  private byte[] buffer;

  /** Where in the buffer the part begins that is no piece yet, and where it ends. */
  private int begin;

  private int end;

  public BinaryWriter() {
    this(CAPACITY_INITIAL);
  }

  public BinaryWriter(int capacity) {
    buffer = new byte[capacity];
  }

  public void writeByte(int value) {
    reserve(1);
    buffer[end++] = (byte) value;
  }

  /** An unsigned varint of one to ten bytes. */
  public void writeVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[end++] = (byte) rest;
  }

  /** Eight bytes, most significant first. */
  public void writeLong(long value) {
    reserve(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[end++] = (byte) (value >>> shift);
    }
  }

  /** A length as varint, then the bytes. */
  public void writeBytes(byte[] bytes) {
    writeVarint(bytes.length);
    writeRaw(bytes);
  }

  public void writeRaw(byte[] bytes) {
    if (bytes.length >= KEPT_BYTES_MIN) {
      endPiece();
      addPiece(ByteBuffer.wrap(bytes));
      return;
    }
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  public void writeOrigin(Origin origin) {
    writeLong(origin.high());
    writeLong(origin.low());
  }

  /** What another writer has; that one must not be used any more. */
  public void write(BinaryWriter other) {
    if (other.pieces.isEmpty() && other.end < KEPT_BYTES_MIN) {
      reserve(other.end);
      System.arraycopy(other.buffer, 0, buffer, end, other.end);
      end += other.end;
    } else {
      endPiece();
      other.endPiece();
      other.pieces.forEach(this::addPiece);
    }
  }

  public int length() {
    return Math.addExact(piecesLength, end - begin);
  }

  public byte[] toByteArray() {
    if (pieces.isEmpty()) {
      return Arrays.copyOf(buffer, end);
    }
    ByteBuffer whole = ByteBuffer.allocate(length());
    pieces.forEach(piece -> whole.put(piece.duplicate()));
    return whole.put(buffer, begin, end - begin).array();
  }

  /** The bytes without a copy, one piece behind the other; nothing may be written any more. */
  public ByteBuffer[] toByteBuffers() {
    endPiece();
    return pieces.toArray(ByteBuffer[]::new);
  }

  /** What is in the buffer stays there; what follows comes behind it. */
  private void endPiece() {
    if (end > begin) {
      addPiece(ByteBuffer.wrap(buffer, begin, end - begin).slice());
      begin = end;
    }
  }

  private void addPiece(ByteBuffer piece) {
    piecesLength = Math.addExact(piecesLength, piece.remaining());
    pieces.add(piece);
  }

  private void reserve(int more) {
    int needed = Math.addExact(end, more);
    if (needed <= buffer.length) {
      return;
    }
    if (begin > 0) {
      // What is a piece already stays in the array that it is in.
      byte[] rest = new byte[Math.max(CAPACITY_INITIAL, 2 * (end - begin + more))];
      System.arraycopy(buffer, begin, rest, 0, end - begin);
      buffer = rest;
      end -= begin;
      begin = 0;
    } else {
      buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
    }
  }
}
