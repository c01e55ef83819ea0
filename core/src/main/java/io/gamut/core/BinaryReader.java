package io.gamut.core;

import java.util.Arrays;

/**
 * Reads what {@link BinaryWriter} wrote, and trusts nothing: every length is checked against the
 * bytes that are there before anything is allocated, and what does not fit is an {@link
 * InvalidDataException}.
 */
public final class BinaryReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  public BinaryReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public BinaryReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  public int readByte() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  /** A varint of at most 63 bits: everything counted here is positive. */
  public long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw new InvalidDataException("a number has at most 63 bits");
  }

  public int readInt() {
    long value = readVarint();
    if (value > Integer.MAX_VALUE) {
      throw new InvalidDataException("a number up to 31 bits was expected, not " + value);
    }
    return (int) value;
  }

  /** A number of things that follow, each of at least one byte. */
  public int readCount(int most, String what) {
    long count = readVarint();
    if (count > most || count > remaining()) {
      throw new InvalidDataException(
          "at most " + Math.min(most, remaining()) + " " + what + " fit here, not " + count);
    }
    return (int) count;
  }

  public long readLong() {
    require(Long.BYTES);
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | (bytes[position++] & 0xFF);
    }
    return value;
  }

  /** Bytes behind their length, at most {@code most} of them. */
  public byte[] readBytes(int most) {
    return readRaw(readCount(most, "bytes"));
  }

  public byte[] readRaw(int count) {
    require(count);
    byte[] result = Arrays.copyOfRange(bytes, position, position + count);
    position += count;
    return result;
  }

  public Origin readOrigin() {
    return new Origin(readLong(), readLong());
  }

  public int remaining() {
    return end - position;
  }

  /** What was read is all there was; anything behind it is damage or a newer format. */
  public void requireEnd() {
    if (remaining() != 0) {
      throw new InvalidDataException(remaining() + " bytes too many");
    }
  }

  private void require(int count) {
    if (remaining() < count) {
      throw new InvalidDataException(count + " more bytes expected, " + remaining() + " are there");
    }
  }
}
