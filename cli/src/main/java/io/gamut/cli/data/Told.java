package io.gamut.cli.data;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.RespValue;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A map that a server has told, whose values are bytes, numbers, maps, or lists of maps. Which of
 * these a sequence is, its name says. Throws {@link InvalidDataException} of what is none.
 */
record Told(Map<String, RespValue> fields) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> LISTS = Set.of("replicas", "levels", "versions", "first");
  private static final Set<String> FLAGS =
      Set.of("reached", "majority", "lost", "hasValue", "sameKey", "allKeys");

  static Told of(RespValue reply) {
    if (!(reply instanceof RespValue.Sequence(List<RespValue> parts)) || parts.size() % 2 != 0) {
      throw new InvalidDataException("the server has told no map, but " + reply);
    }
    Map<String, RespValue> fields = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i += 2) {
      fields.put(parts.get(i).toString(), parts.get(i + 1));
    }
    return new Told(fields);
  }

  private @Nullable RespValue field(String name) {
    RespValue value = fields.get(name);
    return value instanceof RespValue.Null ? null : value;
  }

  byte @Nullable [] bytes(String name) {
    return field(name) instanceof RespValue.Text(byte[] bytes) ? bytes : null;
  }

  /** Null where there is none. */
  @Nullable String text(String name) {
    RespValue value = field(name);
    return value == null ? null : value.toString();
  }

  @Nullable Long number(String name) {
    return field(name) instanceof RespValue.Whole(long number) ? number : null;
  }

  boolean is(String name) {
    Long number = number(name);
    return number != null && number == 1;
  }

  @Nullable Told map(String name) {
    RespValue value = field(name);
    return value == null ? null : of(value);
  }

  List<Told> list(String name) {
    return field(name) instanceof RespValue.Sequence(List<RespValue> elements)
        ? elements.stream().map(Told::of).toList()
        : List.of();
  }

  /** All of it as an object, with the line's end. */
  byte[] json() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      write(json);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json) {
    json.writeStartObject();
    for (Map.Entry<String, RespValue> field : fields.entrySet()) {
      String name = field.getKey();
      switch (field.getValue()) {
        case RespValue.Text(byte[] bytes) -> Printer.writeBytes(name, bytes, json);
        case RespValue.Whole(long number) when FLAGS.contains(name) ->
            json.writeBooleanProperty(name, number == 1);
        case RespValue.Whole(long number) -> json.writeNumberProperty(name, number);
        case RespValue.Null() -> json.writeNullProperty(name);
        case RespValue.Sequence list when LISTS.contains(name) -> {
          json.writeArrayPropertyStart(name);
          list.elements().forEach(each -> of(each).write(json));
          json.writeEndArray();
        }
        case RespValue.Sequence map -> {
          json.writeName(name);
          of(map).write(json);
        }
        case RespValue.Failure _, RespValue.Attributed _ ->
            throw new InvalidDataException("the server has told no value of " + name);
      }
    }
    json.writeEndObject();
  }
}
