package io.gamut.protocol.resp;

import io.gamut.core.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests from a stream of bytes that may be split anywhere: arrays of bulk strings, and
 * inline commands (words on a line) for people with a terminal.
 *
 * <p>Memory is bounded: a request has at most {@value #ARGUMENTS_MAX} arguments and {@value
 * #REQUEST_BYTES_MAX} bytes, and nothing is allocated before the bytes for it have come. What has
 * been parsed is not parsed again when more bytes come.
 *
 * <p>One parser a connection; for one thread at a time.
 */
public final class RequestParser {
  public static final int ARGUMENTS_MAX = 65_536;
  public static final int REQUEST_BYTES_MAX = 64 << 20;
  private static final int UNTRUSTED_ARGUMENTS_MAX = 10;
  private static final int UNTRUSTED_ARGUMENT_BYTES_MAX = 16_384;
  private static final int LINE_BYTES_MAX = 64 << 10;
  private static final int ARGUMENT_BYTES_MAX =
      Math.max(Limits.VALUE_BYTES_MAX, Limits.KEY_BYTES_MAX) + 1;
  private static final int ARGUMENT_OVERHEAD_BYTES = 32;
  private static final int NONE = -1;

  private List<byte[]> arguments = new ArrayList<>();
  private int missing;
  private int bulkLength = NONE;
  private int requestBytes;
  private int argumentBytes;
  private boolean isTrusted = true;

  /** Whether the client may send large requests: Redis' limits for those that it does not know. */
  public void setTrusted(boolean to) {
    isTrusted = to;
  }

  /**
   * The next whole request, or null when more bytes are needed; what was used is taken out of
   * {@code in}. Throws {@link RespProtocolException} on what is no request; the parser is then of
   * no more use.
   */
  public @Nullable List<byte[]> next(ByteBuffer in) throws RespProtocolException {
    while (true) {
      if (missing == 0) {
        String line = line(in);
        if (line == null) {
          return null;
        }
        if (!line.startsWith("*")) {
          List<byte[]> words = InlineWords.of(line);
          if (words.isEmpty()) {
            continue;
          }
          return words;
        }
        missing = (int) number(line, ARGUMENTS_MAX, "multibulk length");
        requestBytes = 0;
        if (!isTrusted && missing > UNTRUSTED_ARGUMENTS_MAX) {
          throw new RespProtocolException("unauthenticated multibulk length");
        }
        if (missing <= 0) {
          missing = 0;
          continue;
        }
      }
      if (!argument(in)) {
        return null;
      }
      if (missing == 0) {
        List<byte[]> request = arguments;
        arguments = new ArrayList<>();
        argumentBytes = 0;
        return request;
      }
    }
  }

  /** Bytes that are held of a request which is not here in full, roughly. */
  public long begunBytes() {
    return argumentBytes + (long) arguments.size() * ARGUMENT_OVERHEAD_BYTES;
  }

  /** Reads one argument of the array; whether it was all there. */
  private boolean argument(ByteBuffer in) throws RespProtocolException {
    if (bulkLength == NONE) {
      String line = line(in);
      if (line == null) {
        return false;
      }
      if (!line.startsWith("$")) {
        char first = line.isEmpty() ? '\r' : line.charAt(0);
        throw new RespProtocolException("expected '$', got '" + first + "'");
      }
      long length = number(line, ARGUMENT_BYTES_MAX, "bulk length");
      if (!isTrusted && length > UNTRUSTED_ARGUMENT_BYTES_MAX) {
        throw new RespProtocolException("unauthenticated bulk length");
      }
      if (length < 0 || requestBytes + length > REQUEST_BYTES_MAX) {
        throw new RespProtocolException("invalid bulk length");
      }
      bulkLength = (int) length;
      requestBytes += bulkLength;
    }
    if (in.remaining() < bulkLength + 2) {
      return false;
    }
    byte[] bytes = new byte[bulkLength];
    in.get(bytes);
    if (in.get() != '\r' || in.get() != '\n') {
      throw new RespProtocolException("expected CRLF behind a bulk string");
    }
    arguments.add(bytes);
    argumentBytes += bulkLength;
    missing--;
    bulkLength = NONE;
    return true;
  }

  private static long number(String line, long most, String what) throws RespProtocolException {
    try {
      long number = Long.parseLong(line, 1, line.length(), 10);
      if (number > most) {
        throw new RespProtocolException("invalid " + what);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new RespProtocolException("invalid " + what);
    }
  }

  private static @Nullable String line(ByteBuffer in) throws RespProtocolException {
    int start = in.position();
    for (int i = start; i < in.limit(); i++) {
      if (in.get(i) == '\n') {
        int end = i > start && in.get(i - 1) == '\r' ? i - 1 : i;
        byte[] bytes = new byte[end - start];
        in.get(bytes);
        in.position(i + 1);
        return new String(bytes, StandardCharsets.ISO_8859_1);
      }
    }
    if (in.remaining() > LINE_BYTES_MAX) {
      throw new RespProtocolException("too big inline request");
    }
    return null;
  }
}
