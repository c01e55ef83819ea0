package io.gamut.core;

import java.util.Arrays;

/**
 * A growing array that the compact encodings are written into.
 *
 * <p>Numbers are LEB128 varints (seven bits a byte, least significant first); what is random, such
 * as an {@link Origin}, is fixed in width. {@link BinaryReader} reads it back.
 */
public final class BinaryWriter {
  private static final int CAPACITY_INITIAL = 256;

  private byte[] buffer;
  private int length;

  public BinaryWriter() {
    this(CAPACITY_INITIAL);
  }

  public BinaryWriter(int capacity) {
    buffer = new byte[capacity];
  }

  public void writeByte(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
  }

  /** An unsigned varint of one to ten bytes. */
  public void writeVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  /** Eight bytes, most significant first. */
  public void writeLong(long value) {
    reserve(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (value >>> shift);
    }
  }

  /** A length as varint, then the bytes. */
  public void writeBytes(byte[] bytes) {
    writeVarint(bytes.length);
    writeRaw(bytes);
  }

  public void writeRaw(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  public void writeOrigin(Origin origin) {
    writeLong(origin.high());
    writeLong(origin.low());
  }

  public int length() {
    return length;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  private void reserve(int more) {
    int needed = Math.addExact(length, more);
    if (needed > buffer.length) {
      // Behind something long there is room for something short, so that it is not copied again.
      int roomy = (int) Math.min(Integer.MAX_VALUE - 8L, needed + needed / 16L);
      buffer = Arrays.copyOf(buffer, Math.max(roomy, 2 * buffer.length));
    }
  }
}
