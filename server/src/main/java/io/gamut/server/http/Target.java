package io.gamut.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request is for: its path, part by part, and its query. Both are bytes, whatever is escaped
 * in them (RFC 3986 section 2.1); nothing is normalised, since {@code .} and {@code ..} are keys.
 * In a query a plus is a space, as forms have it.
 */
record Target(List<byte[]> segments, Map<String, byte[]> query) {
  /** Reads a request target, in origin or absolute form (RFC 9112 section 3.2). */
  static Target parse(String uri) {
    for (int i = 0; i < uri.length(); i++) {
      char each = uri.charAt(i);
      if (each <= ' ' || each >= 0x7f || each == '#') {
        throw ProblemException.malformed("the request target has a character that must be escaped");
      }
    }
    String local = withoutAuthority(uri);
    int mark = local.indexOf('?');
    String path = mark < 0 ? local : local.substring(0, mark);
    if (!path.startsWith("/")) {
      throw new ProblemException(Problem.NO_ROUTE, "a path begins with a slash");
    }
    List<byte[]> segments = new ArrayList<>();
    for (String part : path.substring(1).split("/", -1)) {
      segments.add(decode(part, false));
    }
    return new Target(segments, mark < 0 ? Map.of() : query(local.substring(mark + 1)));
  }

  private static String withoutAuthority(String uri) {
    String lower = uri.substring(0, Math.min(uri.length(), 8)).toLowerCase(Locale.ROOT);
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      return uri;
    }
    int authority = uri.indexOf("//") + 2;
    for (int i = authority; i < uri.length(); i++) {
      if (uri.charAt(i) == '/') {
        return uri.substring(i);
      }
      if (uri.charAt(i) == '?') {
        return "/" + uri.substring(i);
      }
    }
    return "/";
  }

  private static Map<String, byte[]> query(String text) {
    Map<String, byte[]> query = new LinkedHashMap<>();
    for (String part : text.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String raw = equals < 0 ? part : part.substring(0, equals);
      String name = new String(decode(raw, true), StandardCharsets.UTF_8);
      byte[] value = decode(equals < 0 ? "" : part.substring(equals + 1), true);
      if (query.put(name, value) != null) {
        throw ProblemException.malformed("the parameter '" + name + "' is given twice");
      }
    }
    return query;
  }

  private static byte[] decode(String text, boolean isForm) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw ProblemException.malformed("a percent sign is not followed by two hex digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(each == '+' && isForm ? ' ' : each);
      }
    }
    return bytes.toByteArray();
  }

  /** A part of the path that is no key. */
  String word(int place) {
    return new String(segments.get(place), StandardCharsets.ISO_8859_1);
  }

  @Nullable String parameter(String name) {
    byte[] value = query.get(name);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  /** A parameter that is a whole number. */
  long number(String name, long ifAbsent, long least, long most) {
    String text = parameter(name);
    return text == null ? ifAbsent : number("the parameter '" + name + "'", text, least, most);
  }

  static long number(String what, String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Answered below, as a number out of range is.
    }
    throw ProblemException.malformed(
        what + " is a whole number from " + least + " to " + most + ", not '" + text + "'");
  }

  /** What is misspelt must not pass for what was meant. */
  void requireOnly(Set<String> known) {
    for (String name : query.keySet()) {
      if (!known.contains(name)) {
        throw ProblemException.malformed(
            "there is no parameter '" + name + "' here, but: " + String.join(", ", known));
      }
    }
  }
}
