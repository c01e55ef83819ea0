package io.gamut.client.connection;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Requests in RESP, gathered so that they leave with one write.
 *
 * <p>The array is used again and again; one that a huge value has grown is let go afterwards.
 *
 * <p>For one thread at a time.
 */
public final class RequestBuffer {
  private static final int CAPACITY_KEPT = 64 << 10;
  private static final int DIGITS_MAX = 11;
  private static final byte[][] NO_PREFIX = {};

  private byte[] bytes = new byte[1 << 10];
  private int length;

  public void request(byte[]... words) {
    request(NO_PREFIX, words);
  }

  /** A request of two parts, so that a prefix that is always the same is not copied before. */
  public void request(byte[][] prefix, byte[][] words) {
    header('*', prefix.length + words.length);
    words(prefix);
    words(words);
  }

  private void words(byte[][] words) {
    for (byte[] argument : words) {
      header('$', argument.length);
      reserve(argument.length + 2);
      System.arraycopy(argument, 0, bytes, length, argument.length);
      length += argument.length;
      lineEnd();
    }
  }

  public int length() {
    return length;
  }

  public void flushTo(OutputStream out) throws IOException {
    if (length > 0) {
      out.write(bytes, 0, length);
      length = 0;
      if (bytes.length > CAPACITY_KEPT) {
        bytes = new byte[CAPACITY_KEPT];
      }
    }
  }

  private void header(char type, int count) {
    reserve(1 + DIGITS_MAX + 2);
    bytes[length++] = (byte) type;
    int digits = 1;
    for (int rest = count; rest >= 10; rest /= 10) {
      digits++;
    }
    int rest = count;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    lineEnd();
  }

  private void lineEnd() {
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  private void reserve(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
  }
}
