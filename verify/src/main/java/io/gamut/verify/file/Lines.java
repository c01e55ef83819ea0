package io.gamut.verify.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a stream as bytes, of which one at a time is held. */
final class Lines {
  private final InputStream in;
  private final int bytesMax;
  private byte[] bytes = new byte[1 << 16];
  private int begin;
  private int end;
  private int filled;
  private boolean isEnded;
  private long number;

  /**
   * Reads nothing yet.
   *
   * @param bytesMax of a line
   */
  Lines(InputStream in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /** Goes to the next line; false if there is none. */
  boolean next() throws IOException {
    begin = Math.min(number == 0 ? 0 : end + 1, filled);
    end = begin;
    number++;
    while (true) {
      while (end < filled && bytes[end] != '\n') {
        end++;
      }
      isEnded = end < filled;
      if (isEnded) {
        return true;
      }
      if (!fill()) {
        return end > begin;
      }
    }
  }

  private boolean fill() throws IOException {
    if (end - begin > bytesMax) {
      throw new MalformedHistoryException(
          number, "it is longer than " + bytesMax + " bytes: this is no history");
    }
    if (begin > 0) {
      System.arraycopy(bytes, begin, bytes, 0, filled - begin);
      filled -= begin;
      end -= begin;
      begin = 0;
    }
    if (filled == bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    int read = in.read(bytes, filled, bytes.length - filled);
    filled += Math.max(0, read);
    return read > 0;
  }

  /** Holds it between {@link #offset} and so many bytes behind it. */
  byte[] bytes() {
    return bytes;
  }

  int offset() {
    return begin;
  }

  int length() {
    return end - begin;
  }

  /** Whether the end of the line stands behind it. */
  boolean isEnded() {
    return isEnded;
  }

  /** From 1. */
  long number() {
    return number;
  }
}
