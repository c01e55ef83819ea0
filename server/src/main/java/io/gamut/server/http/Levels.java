package io.gamut.server.http;

import io.gamut.core.Consistency;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.core.Session;
import io.gamut.core.TokenSeal;
import io.gamut.server.request.Asked;
import io.gamut.server.service.NodeServices;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What request headers say of how data is asked for. */
final class Levels {
  static final String LEVEL = "Gamut-Level";
  static final String BOUND = "Gamut-Bound";
  static final String WAIT = "Gamut-Wait";
  static final String SESSION = "Gamut-Session";

  private static final String OWN = "gamut-";
  private static final Set<String> KNOWN =
      new TreeSet<>(Set.of("gamut-level", "gamut-bound", "gamut-wait", "gamut-session"));

  private Levels() {}

  /**
   * Throws {@link ProblemException} where they cannot be read.
   *
   * @param byDefault the level of a request that names none
   */
  static Asked read(
      HttpHeaders headers,
      Consistency byDefault,
      NodeServices services,
      TokenSeal seal,
      long number) {
    requireKnown(headers);
    String name = single(headers, LEVEL);
    Consistency level = name == null ? byDefault : parse(name);
    String bound = single(headers, BOUND);
    if (bound != null && level != Consistency.BOUNDED) {
      throw ProblemException.malformed(BOUND + " is for the level bounded");
    }
    long boundMillis = millis(BOUND, bound, Asked.BOUND_MILLIS_DEFAULT);
    long waitMillis = millis(WAIT, single(headers, WAIT), services.waitMillis());
    return new Asked(
        number,
        level,
        TimeUnit.MILLISECONDS.toNanos(boundMillis),
        (int) waitMillis,
        session(headers, seal, services.clock().millis()),
        true);
  }

  /** A level that is misspelt must not pass for none. */
  private static void requireKnown(HttpHeaders headers) {
    for (String header : headers.names()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith(OWN) && !KNOWN.contains(lower)) {
        throw ProblemException.malformed(
            "there is no request header '" + header + "', but: " + String.join(", ", KNOWN));
      }
    }
  }

  private static @Nullable String single(HttpHeaders headers, String name) {
    if (headers.getAll(name).size() > 1) {
      throw ProblemException.malformed(name + " is given twice");
    }
    return headers.get(name);
  }

  static Consistency parse(String name) {
    return Consistency.parse(name.strip())
        .orElseThrow(() ->
            ProblemException.malformed(
                "no level '"
                    + name
                    + "': eventual, session, causal, sequential, bounded or linearizable"));
  }

  private static long millis(String name, @Nullable String text, long ifAbsent) {
    return text == null ? ifAbsent : Target.number(name, text.strip(), 0, Limits.WAIT_MILLIS_MAX);
  }

  /** All that the tokens stand for; a new session where there is none. */
  private static Session session(HttpHeaders headers, TokenSeal seal, long now) {
    Session session = new Session();
    for (String header : headers.getAll(SESSION)) {
      for (String token : header.split(",", -1)) {
        if (token.isBlank()) {
          continue;
        }
        try {
          session.merge(seal.open(token.strip(), now));
        } catch (InvalidDataException e) {
          throw ProblemException.malformed(SESSION + ": " + e.getMessage());
        }
      }
    }
    return session;
  }
}
