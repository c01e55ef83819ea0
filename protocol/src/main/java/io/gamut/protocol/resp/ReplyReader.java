package io.gamut.protocol.resp;

import io.gamut.core.InvalidDataException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads replies from a stream, for a client that waits for each. Buffer the stream.
 *
 * <p>Throws {@link EOFException} when the server has closed the connection, {@link
 * InvalidDataException} on what is no reply.
 */
public final class ReplyReader {
  private static final int LINE_BYTES_MAX = 64 << 10;
  private static final int BULK_BYTES_MAX = 512 << 20;
  private static final int ELEMENTS_MAX = 1 << 20;
  private static final int DEPTH_MAX = 16;

  private final DataInputStream in;

  public ReplyReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  public RespValue read() throws IOException {
    return read(0);
  }

  private RespValue read(int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw new InvalidDataException("a reply nests more than " + DEPTH_MAX + " deep");
    }
    int type = in.readUnsignedByte();
    String line = line();
    return switch (type) {
      case '+' -> new RespValue.Text(line.getBytes(StandardCharsets.UTF_8));
      case '-' -> new RespValue.Failure(line);
      case ':' -> new RespValue.Whole(number(line));
      case '_' -> new RespValue.Null();
      case '#' -> new RespValue.Whole(line.equals("t") ? 1 : 0);
      case ',', '(' -> new RespValue.Text(line.getBytes(StandardCharsets.UTF_8));
      case '$', '=', '!' -> bulk(type, line);
      case '*', '~', '>' -> sequence(number(line), depth);
      case '%' -> sequence(2 * number(line), depth);
      case '|' -> attributed(number(line), depth);
      default -> throw new InvalidDataException("a reply begins with byte " + type);
    };
  }

  private RespValue bulk(int type, String line) throws IOException {
    long length = number(line);
    if (length < 0) {
      return new RespValue.Null();
    }
    if (length > BULK_BYTES_MAX) {
      throw new InvalidDataException("a bulk string of " + length + " bytes is too long");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length || in.readUnsignedByte() != '\r' || in.readUnsignedByte() != '\n') {
      throw new InvalidDataException("a bulk string is not as long as it says");
    }
    return type == '!'
        ? new RespValue.Failure(new String(bytes, StandardCharsets.UTF_8))
        : new RespValue.Text(bytes);
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
    if (sequence(2 * pairs, depth) instanceof RespValue.Sequence(List<RespValue> elements)) {
      Map<String, RespValue> attributes = new HashMap<>();
      for (int i = 0; i + 1 < elements.size(); i += 2) {
        attributes.put(elements.get(i).toString(), elements.get(i + 1));
      }
      return new RespValue.Attributed(attributes, read(depth + 1));
    }
    throw new InvalidDataException("attributes of a reply are missing");
  }

  private static long number(String line) {
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw new InvalidDataException("'" + line + "' in a reply is no number");
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.readUnsignedByte();
    while (next != '\r') {
      if (line.length() >= LINE_BYTES_MAX) {
        throw new InvalidDataException("a line of a reply is longer than " + LINE_BYTES_MAX);
      }
      line.append((char) next);
      next = in.readUnsignedByte();
    }
    if (in.readUnsignedByte() != '\n') {
      throw new InvalidDataException("a line of a reply does not end in CRLF");
    }
    return new String(
        line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
