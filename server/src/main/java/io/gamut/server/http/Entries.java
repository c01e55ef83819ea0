package io.gamut.server.http;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Version;
import tools.jackson.core.JsonGenerator;

/** A key and its value as members of a JSON object. */
final class Entries {
  private Entries() {}

  static void write(
      Key key, Version version, Content.Value value, boolean withValue, JsonGenerator json) {
    Json.writeBytes("key", key.bytes(), json);
    json.writeStringProperty("version", version.exact());
    writeValue(value, withValue, json);
  }

  static void writeValue(Content.Value value, boolean withValue, JsonGenerator json) {
    json.writeNumberProperty("size", value.bytes().length);
    json.writeNumberProperty("flags", Integer.toUnsignedLong(value.flags()));
    if (value.expiresAtMillis() != 0) {
      json.writeNumberProperty("expiresAt", value.expiresAtMillis());
    }
    if (withValue) {
      Json.writeBytes("value", value.bytes(), json);
    }
  }
}
