package io.gamut.cli.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
 * are no UTF-8 stand in base 64 under {@code keyBase64} and {@code valueBase64}.
 *
 * @param expiresAtMillis since 1970; 0 for never
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JsonLine(byte[] key, byte[] value, long expiresAtMillis) {
  private static final JsonFactory JSON = new JsonFactory();

  /** With the line's end. */
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      Printer.writeBytes("key", key, json);
      Printer.writeBytes("value", value, json);
      if (expiresAtMillis != 0) {
        json.writeNumberProperty("expiresAt", expiresAtMillis);
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
          case "expiresAt" -> {
            require(token == JsonToken.VALUE_NUMBER_INT, "expiresAt is a whole number");
            expiresAt = json.getLongValue();
            require(expiresAt >= 0, "expiresAt is not negative");
          }
          default -> json.skipChildren();
        }
      }
      require(json.nextToken() == null, "a line is one JSON object");
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
    return new JsonLine(there("key", key), there("value", value), expiresAt);
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
