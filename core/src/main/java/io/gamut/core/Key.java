package io.gamut.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key: 1 to {@value Limits#KEY_BYTES_MAX} arbitrary bytes, ordered as unsigned bytes.
 *
 * <p>Immutable as long as nobody writes into the array it was made from or gives out; neither is
 * copied, since keys are made for every request.
 */
public final class Key implements Comparable<Key> {
  private final byte[] bytes;
  private final int hash;

  private Key(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** Takes the array as it is. Throws {@link InvalidDataException} on a bad length. */
  public static Key of(byte[] bytes) {
    if (bytes.length == 0) {
      throw new InvalidDataException("a key has at least one byte");
    }
    if (bytes.length > Limits.KEY_BYTES_MAX) {
      throw new InvalidDataException(
          "a key has at most " + Limits.KEY_BYTES_MAX + " bytes, not " + bytes.length);
    }
    return new Key(bytes);
  }

  public static Key of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not a copy: read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** In bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For people: what is not UTF-8 is shown as replacement characters. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
