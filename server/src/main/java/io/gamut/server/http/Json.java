package io.gamut.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as the API has it. Bytes are text where they can be: {@code "value": "blue"}; else they are
 * base64 (RFC 4648 section 4) under another name: {@code "valueBase64": "/w=="}. So nothing that a
 * text could be is anything else.
 */
final class Json {
  /** Of the name of a member that has bytes as base64. */
  static final String BASE64 = "Base64";

  private static final int NESTING_MAX = 8;
  private static final int NUMBER_CHARS_MAX = 32;
  private static final int NAME_CHARS_MAX = 256;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(NESTING_MAX)
                  .maxNumberLength(NUMBER_CHARS_MAX)
                  .maxNameLength(NAME_CHARS_MAX)
                  .maxStringLength(HttpLimits.BATCH_BYTES_MAX)
                  .build())
          .build();

  private Json() {}

  /** An object; with an end of line, for people at a terminal. */
  static byte[] object(Consumer<JsonGenerator> members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return out.toByteArray();
  }

  static JsonParser parser(byte[] document) {
    return FACTORY.createParser(ObjectReadContext.empty(), document);
  }

  static void writeBytes(String name, byte[] bytes, JsonGenerator json) {
    String text = text(bytes);
    if (text == null) {
      json.writeStringProperty(name + BASE64, Base64.getEncoder().encodeToString(bytes));
    } else {
      json.writeStringProperty(name, text);
    }
  }

  /** What bytes are as text; null if they are no UTF-8, or nothing that is shown. */
  private static @Nullable String text(byte[] bytes) {
    for (byte each : bytes) {
      boolean isControl = each >= 0 && each < ' ' && each != '\n' && each != '\t' && each != '\r';
      if (isControl || each == 0x7f) {
        return null;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /** The bytes of a text. JSON can hold halves of characters, which stand for no bytes at all. */
  static byte[] bytes(String name, String text) {
    try {
      ByteBuffer bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text));
      byte[] all = new byte[bytes.remaining()];
      bytes.get(all);
      return all;
    } catch (CharacterCodingException _) {
      throw ProblemException.malformed(
          "'" + name + "' has half a surrogate pair; write bytes as '" + name + BASE64 + "'");
    }
  }

  static byte[] base64(String name, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw ProblemException.malformed("'" + name + "' is not base64: " + e.getMessage());
    }
  }
}
