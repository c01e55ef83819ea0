package io.gamut.protocol.resp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A reply as a client reads it. */
public sealed interface RespValue {
  /** A simple or bulk string. The array is the reader's own. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Text(byte[] bytes) implements RespValue {
    @Override
    public String toString() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** An error; its first word is its code. */
  record Failure(String message) implements RespValue {
    public String code() {
      int space = message.indexOf(' ');
      return space < 0 ? message : message.substring(0, space);
    }

    @Override
    public String toString() {
      return message;
    }
  }

  record Whole(long value) implements RespValue {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /** RESP 2's null bulk string or array, RESP 3's null. */
  record Null() implements RespValue {}

  /** An array, set or push; a RESP 3 map is its keys and values in turn. */
  record Sequence(List<RespValue> elements) implements RespValue {}

  /** A reply with what the server says about it. */
  record Attributed(Map<String, RespValue> attributes, RespValue value) implements RespValue {}
}
