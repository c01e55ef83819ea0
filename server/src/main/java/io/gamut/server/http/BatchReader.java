package io.gamut.server.http;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Version;
import io.gamut.server.http.BatchRequests.Batch;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a batch: {@code {"conditions": [...], "operations": [...], "atomic": true}}. What is not
 * known is refused, not passed over.
 */
final class BatchReader {
  private final JsonParser json;
  private final InstantSource clock;
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private boolean isAtomic = true;

  private BatchReader(JsonParser json, InstantSource clock) {
    this.json = json;
    this.clock = clock;
  }

  /** Throws {@link ProblemException} if it is none. */
  static Batch read(byte[] document, InstantSource clock) {
    try (JsonParser json = Json.parser(document)) {
      return new BatchReader(json, clock).batch();
    } catch (JacksonException e) {
      throw ProblemException.malformed("the body is no JSON that is read here: " + words(e));
    } catch (InvalidDataException e) {
      throw ProblemException.malformed(String.valueOf(e.getMessage()));
    }
  }

  private static String words(JacksonException e) {
    return e.getOriginalMessage()
        + (e.getLocation() == null
            ? ""
            : " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
  }

  private Batch batch() {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw ProblemException.malformed("a batch is an object");
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "conditions" -> readAll(name, conditions, BatchReader::condition);
        case "operations" -> readAll(name, changes, this::change);
        case "atomic" -> isAtomic = JsonMembers.flag(name, json);
        default ->
            throw ProblemException.malformed(
                "a batch has conditions, operations, atomic, and no '" + name + "'");
      }
    }
    if (json.nextToken() != null) {
      throw ProblemException.malformed("something stands behind the batch");
    }
    if (changes.isEmpty()) {
      throw ProblemException.malformed("a batch has at least one operation");
    }
    return new Batch(Batch.operation(conditions, changes, isAtomic), List.copyOf(changes));
  }

  private <T> void readAll(String name, List<T> to, Function<JsonMembers, T> reading) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw ProblemException.malformed("'" + name + "' is an array");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (to.size() == HttpLimits.BATCH_PARTS_MAX) {
        throw new ProblemException(
            Problem.TOO_LARGE, "a batch has at most " + HttpLimits.BATCH_PARTS_MAX + " " + name);
      }
      JsonMembers members = JsonMembers.read(name, json);
      to.add(reading.apply(members));
      members.requireAllTaken();
    }
  }

  // One condition, one operation

  private static Condition condition(JsonMembers members) {
    Key key = key(members);
    if (members.has("version")) {
      return new Condition.VersionIs(key, Version.parse(members.text("version")));
    }
    if (members.hasBytes("value")) {
      return new Condition.ValueIs(key, members.bytes("value"));
    }
    return switch (members.text("is")) {
      case "absent" -> new Condition.Absent(key);
      case "present" -> new Condition.Present(key);
      default -> throw ProblemException.malformed("'is' is absent or present");
    };
  }

  private Change change(JsonMembers members) {
    String name = members.text("op");
    Key key = key(members);
    return switch (name) {
      case "get" -> new Change.Look(key);
      case "put" -> new Change.Put(key, value(members));
      case "delete" -> new Change.Put(key, Content.Tombstone.TOMBSTONE);
      case "increment" ->
          new Change.Increment(key, members.number("by", 1, Long.MIN_VALUE, Long.MAX_VALUE));
      case "append" -> new Change.Append(key, members.bytes("value"), false);
      default ->
          throw ProblemException.malformed(
              "no operation '" + name + "': get, put, delete, increment or append");
    };
  }

  private static Key key(JsonMembers members) {
    return Key.of(members.bytes("key"));
  }

  private Content.Value value(JsonMembers members) {
    byte[] bytes = members.bytes("value");
    return ValueOptions.of(
            members.number("flags", 0, 0, ValueOptions.FLAGS_MAX),
            members.number("ttl", 0, 1, Long.MAX_VALUE),
            members.number("expiresAt", 0, 1, Long.MAX_VALUE),
            clock)
        .value(bytes);
  }
}
