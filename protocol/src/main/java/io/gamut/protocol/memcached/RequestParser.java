package io.gamut.protocol.memcached;

import io.gamut.protocol.memcached.MemcachedRequest.Wrong;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests from a stream of bytes that may be split anywhere.
 *
 * <p>Memory is bounded: a line has at most {@value #LINE_BYTES_MAX} bytes, a value at most {@link
 * io.gamut.core.Limits#VALUE_BYTES_MAX}, and room for a value is made as its bytes come. What is
 * too large is read over, byte for byte, and refused. What has been looked at is not looked at
 * again when more bytes come.
 *
 * <p>One parser a connection; for one thread at a time.
 */
public final class RequestParser {
  /** Room for {@code get} with some 260 of the longest keys; other commands need far less. */
  public static final int LINE_BYTES_MAX = 64 << 10;

  /** Of a client that nobody knows yet: room for its name and password. */
  public static final int UNTRUSTED_BYTES_MAX = 2_048;

  private static final int FIRST_ROOM_BYTES = 4 << 10;
  private static final byte[] END = {'\r', '\n'};

  private int searched;
  private Line.@Nullable Announced announced;
  private byte[] value = {};
  private int filled;
  private Line.@Nullable Refused refused;
  private long toSkip;
  private boolean isTrusted = true;

  /** Whether the client may send values of any size. */
  public void setTrusted(boolean to) {
    isTrusted = to;
  }

  /**
   * The next whole request, or null when more bytes are needed; what was used is taken out of
   * {@code in}, and what was not must come again, at the beginning. Throws {@link
   * MemcachedProtocolException} on a line without end; the parser is then of no more use.
   */
  public @Nullable MemcachedRequest next(ByteBuffer in) throws MemcachedProtocolException {
    if (announced == null && refused == null) {
      String text = line(in);
      if (text == null) {
        return null;
      }
      Words words = Words.of(text);
      switch (read(words)) {
        case Line.Whole(MemcachedRequest request) -> {
          return request;
        }
        case Line.Announced line when isTrusted || line.length() <= UNTRUSTED_BYTES_MAX ->
            begin(line);
        case Line.Announced line -> refuse(line.tooLarge());
        case Line.Refused line -> refuse(line);
      }
    }
    return announced != null
        ? readValue(announced, in)
        : refused != null ? skip(refused, in) : null;
  }

  /** Bytes that are held of a value which is not here in full. */
  public int begunBytes() {
    return value.length;
  }

  private static Line read(Words words) {
    if (words.count() == 0) {
      return Line.error();
    }
    boolean isMeta = words.get(0).length() == 2 && words.get(0).charAt(0) == 'm';
    return isMeta ? MetaLines.read(words) : TextLines.read(words);
  }

  private @Nullable String line(ByteBuffer in) throws MemcachedProtocolException {
    int start = in.position();
    for (int i = start + searched; i < in.limit(); i++) {
      if (in.get(i) == '\n') {
        int end = i > start && in.get(i - 1) == '\r' ? i - 1 : i;
        byte[] bytes = new byte[end - start];
        in.get(bytes);
        in.position(i + 1);
        searched = 0;
        return new String(bytes, StandardCharsets.ISO_8859_1);
      }
    }
    searched = in.remaining();
    if (searched > LINE_BYTES_MAX) {
      throw new MemcachedProtocolException("a line has at most " + LINE_BYTES_MAX + " bytes");
    }
    return null;
  }

  private void refuse(Line.Refused line) {
    refused = line;
    toSkip = line.length() + END.length;
  }

  private void begin(Line.Announced line) {
    announced = line;
    value = new byte[Math.min(line.length() + END.length, FIRST_ROOM_BYTES)];
    filled = 0;
  }

  private @Nullable MemcachedRequest readValue(Line.Announced line, ByteBuffer in) {
    int wanted = line.length() + END.length;
    int count = Math.min(wanted - filled, in.remaining());
    if (filled + count > value.length) {
      long twice = 2L * value.length;
      value = Arrays.copyOf(value, (int) Math.min(wanted, Math.max(filled + count, twice)));
    }
    in.get(value, filled, count);
    filled += count;
    if (filled < wanted) {
      return null;
    }
    byte[] bytes = value;
    announced = null;
    value = new byte[0];
    boolean isEnded = bytes[wanted - 2] == END[0] && bytes[wanted - 1] == END[1];
    return isEnded
        ? line.request().apply(Arrays.copyOf(bytes, line.length()))
        : new Wrong(Wrong.BAD_CHUNK, line.noreply());
  }

  private @Nullable MemcachedRequest skip(Line.Refused line, ByteBuffer in) {
    int count = (int) Math.min(toSkip, in.remaining());
    in.position(in.position() + count);
    toSkip -= count;
    if (toSkip > 0) {
      return null;
    }
    refused = null;
    return line.wrong();
  }
}
