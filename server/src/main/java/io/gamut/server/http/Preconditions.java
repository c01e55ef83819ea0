package io.gamut.server.http;

import io.gamut.core.Condition;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Version;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code If-Match} and {@code If-None-Match} say (RFC 9110 section 13.1). A key's entity tag
 * is the version of its value, as {@link Version#exact} writes it.
 */
final class Preconditions {
  private static final String ANY = "*";
  private static final Pattern TAG =
      Pattern.compile("\\s*(W/)?\"([\\x21\\x23-\\x7e]*)\"\\s*(?:,|$)");

  /** One entity tag. */
  private record Tag(boolean isWeak, String text) {}

  private Preconditions() {}

  static String tag(Version version) {
    return "\"" + version.exact() + "\"";
  }

  // Writes

  /** What must hold for a write to be made; nothing if it is unconditional. */
  static List<Condition> ofWrite(HttpHeaders headers, Key key) {
    String match = text(headers, HttpHeaderNames.IF_MATCH);
    String noneMatch = text(headers, HttpHeaderNames.IF_NONE_MATCH);
    if (match != null && noneMatch != null) {
      throw ProblemException.malformed("If-Match and If-None-Match exclude each other here");
    }
    if (noneMatch != null) {
      if (!noneMatch.equals(ANY)) {
        throw ProblemException.malformed("of a write, If-None-Match is * and nothing else here");
      }
      return List.of(new Condition.Absent(key));
    }
    if (match == null) {
      return List.of();
    }
    if (match.equals(ANY)) {
      return List.of(new Condition.Present(key));
    }
    List<Tag> tags = tags("If-Match", match);
    if (tags.size() != 1) {
      throw ProblemException.malformed("of a write, If-Match has one entity tag, not several");
    }
    // A deletion has a version too, but is nothing that a tag could be of.
    return List.of(
        new Condition.Present(key), new Condition.VersionIs(key, version(tags.getFirst())));
  }

  /** Whether there is a value where a condition did not hold. */
  static boolean isThere(Condition unmet) {
    return !(unmet instanceof Condition.Present);
  }

  /** A tag that no value can have is nothing wrong: it matches none. */
  private static Version version(Tag tag) {
    try {
      return tag.isWeak ? Version.NONE : Version.parse(tag.text);
    } catch (InvalidDataException _) {
      return Version.NONE;
    }
  }

  // Reads

  /**
   * Whether {@code If-Match} lets a read be answered.
   *
   * @param version of the value; null if there is none
   */
  static boolean mayRead(HttpHeaders headers, @Nullable Version version) {
    String match = text(headers, HttpHeaderNames.IF_MATCH);
    if (match == null) {
      return true;
    }
    return version != null
        && (match.equals(ANY) || tags("If-Match", match).contains(new Tag(false, version.exact())));
  }

  /** Whether the client has the value already. */
  static boolean isKnown(HttpHeaders headers, Version version) {
    String known = text(headers, HttpHeaderNames.IF_NONE_MATCH);
    return known != null
        && (known.equals(ANY)
            || tags("If-None-Match", known).stream()
                .anyMatch(tag -> tag.text.equals(version.exact())));
  }

  private static @Nullable String text(HttpHeaders headers, CharSequence name) {
    List<String> all = headers.getAll(name);
    return all.isEmpty() ? null : String.join(",", all).strip();
  }

  private static List<Tag> tags(String name, String text) {
    List<Tag> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(text);
    int read = 0;
    while (read < text.length() && matcher.lookingAt()) {
      tags.add(new Tag(matcher.group(1) != null, matcher.group(2)));
      read = matcher.end();
      matcher.region(read, text.length());
    }
    if (tags.isEmpty() || read < text.length()) {
      throw ProblemException.malformed(name + " is * or entity tags, which stand in quotes");
    }
    return tags;
  }
}
