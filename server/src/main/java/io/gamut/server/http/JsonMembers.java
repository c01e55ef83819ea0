package io.gamut.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The members of an object that has no objects in it, each of which is to be taken once. */
final class JsonMembers {
  /** A word or a number; booleans stand where they are read at once. */
  private record Member(JsonToken token, String text) {}

  private final Map<String, Member> members = new LinkedHashMap<>();

  private JsonMembers() {}

  /** Reads the object that begins at the parser's token. */
  static JsonMembers read(String where, JsonParser json) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw ProblemException.malformed("each of '" + where + "' is an object");
    }
    JsonMembers read = new JsonMembers();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
        throw ProblemException.malformed("'" + name + "' is a text or a whole number");
      }
      read.members.put(name, new Member(token, json.getString()));
    }
    return read;
  }

  /** Reads the parser's token. */
  static boolean flag(String name, JsonParser json) {
    JsonToken token = json.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw ProblemException.malformed("'" + name + "' is true or false");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  boolean hasBytes(String name) {
    return has(name) || has(name + Json.BASE64);
  }

  private @Nullable Member take(String name, JsonToken expected, String what) {
    Member member = members.remove(name);
    if (member != null && member.token != expected) {
      throw ProblemException.malformed("'" + name + "' is " + what);
    }
    return member;
  }

  String text(String name) {
    Member member = take(name, JsonToken.VALUE_STRING, "a text");
    if (member == null) {
      throw ProblemException.malformed("'" + name + "' is missing");
    }
    return member.text;
  }

  /** Bytes, in one of the two ways to write them. */
  byte[] bytes(String name) {
    String encoded = name + Json.BASE64;
    if (has(name) && has(encoded)) {
      throw ProblemException.malformed("'" + name + "' and '" + encoded + "' exclude each other");
    }
    return has(encoded) ? Json.base64(encoded, text(encoded)) : Json.bytes(name, text(name));
  }

  long number(String name, long ifAbsent, long least, long most) {
    Member member = take(name, JsonToken.VALUE_NUMBER_INT, "a whole number");
    return member == null ? ifAbsent : Target.number("'" + name + "'", member.text, least, most);
  }

  void requireAllTaken() {
    if (!members.isEmpty()) {
      throw ProblemException.malformed(
          "there is no '" + members.keySet().iterator().next() + "' here");
    }
  }
}
