package io.gamut.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;

/** Which form of a value a client wants (RFC 9110 section 12.5.1). */
enum Accepted {
  OCTETS(Answer.OCTETS),
  JSON(Answer.JSON);

  private final String type;

  Accepted(String type) {
    this.type = type;
  }

  /** The one it likes best; bytes as they are, if it likes both as much. */
  static Accepted of(HttpHeaders headers) {
    String accept = String.join(",", headers.getAll(HttpHeaderNames.ACCEPT));
    if (accept.isBlank()) {
      return OCTETS;
    }
    double octets = OCTETS.weight(accept);
    double json = JSON.weight(accept);
    if (octets <= 0 && json <= 0) {
      throw new ProblemException(
          Problem.NOT_ACCEPTABLE, "a value is " + OCTETS.type + " or " + JSON.type);
    }
    return json > octets ? JSON : OCTETS;
  }

  /** That of the range that says most of it. */
  private double weight(String accept) {
    String anyOfKind = type.substring(0, type.indexOf('/')) + "/*";
    double weight = 0;
    int closest = -1;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = range.split(";", -1);
      String named = parts[0].strip();
      int closeness = -1;
      if (named.equals(type)) {
        closeness = 2;
      } else if (named.equals(anyOfKind)) {
        closeness = 1;
      } else if (named.equals("*/*")) {
        closeness = 0;
      }
      if (closeness > closest) {
        closest = closeness;
        weight = quality(parts);
      }
    }
    return weight;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException _) {
          throw ProblemException.malformed("a quality in Accept is a number");
        }
      }
    }
    return 1;
  }
}
