package io.gamut.cli.data;

import io.gamut.client.Entry;
import io.gamut.client.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A pair as a line of JSON: {@code {"key":"k","value":"v","expiresAt":1763805600000}}. Bytes that
 * are no UTF-8 stand in base 64 under {@code keyBase64} and {@code valueBase64}. What memcached's
 * clients have marked it with is {@code "flags":5} and {@code "stale":true}.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JsonLine(byte[] key, Entry entry) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long FLAGS_MAX = 0xffff_ffffL;

  /** With the line's end. */
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      Printer.writeBytes("key", key, json);
      Printer.writeBytes("value", entry.value().bytes(), json);
      if (entry.flags() != 0) {
        json.writeNumberProperty("flags", Integer.toUnsignedLong(entry.flags()));
      }
      if (entry.expiresAt() != null) {
        json.writeNumberProperty("expiresAt", entry.expiresAt().toEpochMilli());
      }
      if (entry.isStale()) {
        json.writeBooleanProperty("stale", true);
      }
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  /** Throws {@link IllegalArgumentException} of what is no such line, and says why. */
  static JsonLine decode(String line) {
    byte[] key = null;
    byte[] value = null;
    long expiresAt = 0;
    long flags = 0;
    boolean isStale = false;
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "a line is a JSON object");
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        switch (name) {
          case "key" -> key = text(name, token, json);
          case "keyBase64" -> key = Base64.getDecoder().decode(text(name, token, json));
          case "value" -> value = text(name, token, json);
          case "valueBase64" -> value = Base64.getDecoder().decode(text(name, token, json));
          case "expiresAt" -> expiresAt = number(name, Long.MAX_VALUE, token, json);
          case "flags" -> flags = number(name, FLAGS_MAX, token, json);
          case "stale" -> {
            isStale = token == JsonToken.VALUE_TRUE;
            require(isStale || token == JsonToken.VALUE_FALSE, "stale is true or false");
          }
          default -> json.skipChildren();
        }
      }
      require(json.nextToken() == null, "a line is one JSON object");
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
    Instant end = expiresAt == 0 ? null : Instant.ofEpochMilli(expiresAt);
    Value there = Value.of(there("value", value));
    return new JsonLine(there("key", key), new Entry(there, (int) flags, end, isStale));
  }

  private static long number(String name, long most, JsonToken token, JsonParser json) {
    require(token == JsonToken.VALUE_NUMBER_INT, name + " is a whole number");
    long number = json.getLongValue();
    require(number >= 0, name + " is not negative");
    require(number <= most, name + " is at most " + most);
    return number;
  }

  private static byte[] text(String name, JsonToken token, JsonParser json) {
    require(token == JsonToken.VALUE_STRING, name + " is a string");
    return json.getString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] there(String name, byte @Nullable [] bytes) {
    require(bytes != null, "a line has a " + name + " or a " + name + "Base64");
    return bytes == null ? new byte[0] : bytes;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
