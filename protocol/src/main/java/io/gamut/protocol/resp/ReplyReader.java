package io.gamut.protocol.resp;

import io.gamut.core.InvalidDataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads replies from a stream, for a client that waits for each.
 *
 * <p>It has a buffer of its own, so that a short reply costs one read of the stream; give it the
 * bare stream of a socket. What a long bulk string still lacks is read straight into its place.
 *
 * <p>Throws {@link EOFException} when the server has closed the connection, {@link
 * InvalidDataException} on what is no reply. After either, and after any other exception of the
 * stream, the place in the stream is lost and the reader is of no more use.
 */
public final class ReplyReader {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int LINE_BYTES_MAX = 64 << 10;
  private static final int BULK_BYTES_MAX = 512 << 20;

  /** A bulk string up to here is allocated at once; a longer one grows as its bytes come. */
  private static final int BULK_BYTES_TRUSTED = 1 << 20;

  private static final int ELEMENTS_MAX = 1 << 20;
  private static final int DEPTH_MAX = 16;
  private static final byte[] NOTHING = {};

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;

  public ReplyReader(InputStream in) {
    this.in = in;
  }

  public RespValue read() throws IOException {
    return read(0);
  }

  private RespValue read(int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw new InvalidDataException("a reply nests more than " + DEPTH_MAX + " deep");
    }
    int type = next();
    return switch (type) {
      case '+', ',', '(' -> new RespValue.Text(line());
      case '-' -> new RespValue.Failure(new String(line(), StandardCharsets.UTF_8));
      case ':' -> new RespValue.Whole(number());
      case '_' -> {
        line();
        yield new RespValue.Null();
      }
      case '#' -> new RespValue.Whole(Arrays.equals(line(), new byte[] {'t'}) ? 1 : 0);
      case '$', '=', '!' -> bulk(type);
      case '*', '~', '>' -> sequence(number(), depth);
      case '%' -> sequence(2 * number(), depth);
      case '|' -> attributed(number(), depth);
      default -> throw new InvalidDataException("a reply begins with byte " + type);
    };
  }

  private RespValue bulk(int type) throws IOException {
    long length = number();
    if (length < 0) {
      return new RespValue.Null();
    }
    if (length > BULK_BYTES_MAX) {
      throw new InvalidDataException("a bulk string of " + length + " bytes is too long");
    }
    byte[] bytes = bytes((int) length);
    requireLineEnd();
    return type == '!'
        ? new RespValue.Failure(new String(bytes, StandardCharsets.UTF_8))
        : new RespValue.Text(bytes);
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = new byte[Math.min(length, BULK_BYTES_TRUSTED)];
    int filled = Math.min(bytes.length, end - at);
    System.arraycopy(buffer, at, bytes, 0, filled);
    at += filled;
    while (filled < length) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
      }
      int count = in.read(bytes, filled, bytes.length - filled);
      if (count < 0) {
        throw new EOFException("the connection was closed within a reply");
      }
      filled += count;
    }
    return bytes;
  }

  private RespValue sequence(long size, int depth) throws IOException {
    if (size < 0) {
      return new RespValue.Null();
    }
    if (size > ELEMENTS_MAX) {
      throw new InvalidDataException("a reply of " + size + " elements is too long");
    }
    List<RespValue> elements = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      elements.add(read(depth + 1));
    }
    return new RespValue.Sequence(elements);
  }

  private RespValue attributed(long pairs, int depth) throws IOException {
    if (pairs < 0 || pairs > ELEMENTS_MAX) {
      throw new InvalidDataException("a reply with " + pairs + " attributes");
    }
    Map<String, RespValue> attributes = new HashMap<>();
    for (long i = 0; i < pairs; i++) {
      String name = read(depth + 1).toString();
      attributes.put(name, read(depth + 1));
    }
    return new RespValue.Attributed(attributes, read(depth + 1));
  }

  private long number() throws IOException {
    int next = next();
    boolean negative = next == '-';
    if (negative || next == '+') {
      next = next();
    }
    long below = 0; // the number's negative: there is one more of those
    try {
      do {
        if (next < '0' || next > '9') {
          throw new InvalidDataException("byte " + next + " in a number of a reply");
        }
        below = Math.subtractExact(Math.multiplyExact(below, 10), next - '0');
        next = next();
      } while (next != '\r');
      requireNewline();
      return negative ? below : Math.negateExact(below);
    } catch (ArithmeticException e) {
      throw new InvalidDataException("a number of a reply does not fit 64 bits");
    }
  }

  private byte[] line() throws IOException {
    byte[] line = NOTHING;
    while (true) {
      if (at == end) {
        fill();
      }
      int from = at;
      while (at < end && buffer[at] != '\r') {
        at++;
      }
      line = joined(line, from, at);
      if (line.length > LINE_BYTES_MAX) {
        throw new InvalidDataException("a line of a reply is longer than " + LINE_BYTES_MAX);
      }
      if (at < end) {
        at++;
        requireNewline();
        return line;
      }
    }
  }

  private byte[] joined(byte[] before, int from, int to) {
    byte[] all = Arrays.copyOf(before, before.length + to - from);
    System.arraycopy(buffer, from, all, before.length, to - from);
    return all;
  }

  private void requireLineEnd() throws IOException {
    if (next() != '\r') {
      throw new InvalidDataException("a bulk string is not as long as it says");
    }
    requireNewline();
  }

  private void requireNewline() throws IOException {
    if (next() != '\n') {
      throw new InvalidDataException("a line of a reply does not end in CRLF");
    }
  }

  private int next() throws IOException {
    if (at == end) {
      fill();
    }
    return buffer[at++] & 0xFF;
  }

  private void fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    if (end == 0) {
      throw new EOFException("the connection was closed");
    }
  }
}
