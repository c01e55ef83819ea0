package io.gamut.server.http;

import io.gamut.core.ErrorCode;
import io.gamut.core.OperationResult;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import java.util.Optional;

/**
 * The kinds of problem that an answer can be, as RFC 9457 has them. Each has a page at its type.
 *
 * <p>What passes by itself, or is no problem at another server, is 503: the request is right, and
 * whoever forwards requests knows by that status that nothing was done and that it may ask another
 * server. So it is with ERR_DEP: 409 would blame the client, who cannot change its request.
 */
enum Problem {
  MALFORMED(
      400,
      ErrorCode.ERR,
      "The request cannot be read",
      "It is not HTTP, or a part of it is not of the form that the API has. The detail says which."
          + " Asking again does not help."),
  UNAUTHORIZED(
      401,
      ErrorCode.ERR,
      "Who asks is not known",
      "Requests for data name a user and a password by Basic authentication (RFC 7617). Nothing was"
          + " done."),
  FORBIDDEN(
      403, ErrorCode.ERR, "The user may not do that", "The user may only read. Nothing was done."),
  FOREIGN_ORIGIN(
      403,
      ErrorCode.ERR,
      "Pages of other sites may not write here",
      "A browser sent this request for a page that was loaded from somewhere else."),
  NO_KEY(
      404,
      ErrorCode.ERR,
      "The key has no value",
      "It was never written, was deleted, or has expired, as seen at the level in Gamut-Level."),
  NO_ROUTE(
      404,
      ErrorCode.ERR,
      "There is nothing at this path",
      "See the OpenAPI document at /openapi.json. A slash in a key is written %2F."),
  METHOD(
      405, ErrorCode.ERR, "The method is not allowed here", "The header Allow has those that are."),
  NOT_ACCEPTABLE(
      406,
      ErrorCode.ERR,
      "The answer is not to be had in the form asked for",
      "Values come as application/octet-stream or application/json, all else as JSON or text."),
  TIMEOUT(
      408,
      ErrorCode.ERR,
      "The request did not arrive in time",
      "Nothing was done. The connection is closed."),
  CONFLICT(
      409,
      ErrorCode.ERR,
      "The value cannot be changed like that",
      "It is not a number, the number would leave 64 bits, or the value would be too long. Nothing"
          + " was done."),
  LOST(
      410,
      ErrorCode.ERR_LOST,
      "What the session depends on is gone for good",
      "It was only on the disk of a server that was given up. Nothing was done. A session is told"
          + " once: the token in the answer goes on without what is lost."),
  CONDITION(
      412,
      ErrorCode.ERR,
      "A condition did not hold",
      "Nothing was done. Gamut-Version is of the write that was found; ETag too where there is a"
          + " value."),
  TOO_LARGE(
      413,
      ErrorCode.ERR,
      "The request is too large",
      "The detail has the limit. Nothing was done."),
  LONG_LINE(
      414,
      ErrorCode.ERR,
      "The request line is too long",
      "It has at most " + HttpLimits.LINE_BYTES_MAX + " bytes."),
  MEDIA_TYPE(
      415,
      ErrorCode.ERR,
      "The body is not of a type that is read here",
      "Batches are application/json. Bodies are not compressed."),
  EXPECTATION(417, ErrorCode.ERR, "The expectation cannot be met", "100-continue is the only one."),
  LARGE_HEADERS(
      431,
      ErrorCode.ERR,
      "The headers are too large",
      "They have at most " + HttpLimits.HEADER_BYTES_MAX + " bytes together."),
  INTERNAL(
      500,
      ErrorCode.UNKNOWN,
      "The server has a fault",
      "Its log says more. Whether a write was done is not known."),
  HTTP_VERSION(
      505, ErrorCode.ERR, "The version of HTTP is not spoken here", "HTTP/1.0 and HTTP/1.1 are."),
  DEPENDENCY(
      503,
      ErrorCode.ERR_DEP,
      "This server does not yet hold what the session depends on",
      "Nothing was done. Ask again, ask another server, or allow a longer Gamut-Wait."),
  NOQUORUM(
      503,
      ErrorCode.NOQUORUM,
      "There is no majority within reach",
      "The level asked for needs one. Nothing was done. The levels eventual, session and causal"
          + " work without."),
  CLOCK(
      503,
      ErrorCode.CLOCK,
      "The clock of this server is too far off",
      "It takes no writes until that is mended; other servers do. Nothing was done."),
  BUSY(
      503,
      ErrorCode.BUSY,
      "The server cannot take the request now",
      "It is starting, stopping, or full. Nothing was done."),
  UNKNOWN(
      504,
      ErrorCode.UNKNOWN,
      "The outcome is not known",
      "The write may have been done, or may yet be, once; or it was not. Read at linearizable to"
          + " find out. Asking again may do it a second time, unless it is conditional.");

  private final int status;
  private final ErrorCode code;
  private final String title;
  private final String explanation;

  Problem(int status, ErrorCode code, String title, String explanation) {
    this.status = status;
    this.code = code;
    this.title = title;
    this.explanation = explanation;
  }

  /** What a refusal is, of a request that was well-formed. */
  static Problem of(ErrorCode code) {
    return switch (code) {
      case ERR -> MALFORMED;
      case ERR_DEP -> DEPENDENCY;
      case ERR_LOST -> LOST;
      case NOQUORUM -> NOQUORUM;
      case CLOCK -> CLOCK;
      case BUSY -> BUSY;
      case UNKNOWN -> UNKNOWN;
    };
  }

  /** What keeps an operation from being done on what is there. */
  static Problem of(OperationResult.Problem problem) {
    return switch (problem) {
      case NOT_A_NUMBER, OVERFLOW, NOT_A_DECIMAL, TOO_LONG -> CONFLICT;
      case TOO_MUCH -> TOO_LARGE;
      case LOST -> LOST;
    };
  }

  /** Reads the last part of {@link #type}. */
  static Optional<Problem> named(String name) {
    for (Problem problem : values()) {
      if (problem.slug().equals(name)) {
        return Optional.of(problem);
      }
    }
    return Optional.empty();
  }

  private String slug() {
    return name().replace('_', '-').toLowerCase(Locale.ROOT);
  }

  HttpResponseStatus status() {
    return HttpResponseStatus.valueOf(status);
  }

  ErrorCode code() {
    return code;
  }

  String title() {
    return title;
  }

  /** The URI reference that names it, and has its page. */
  String type() {
    return "/problems/" + slug();
  }

  /** For people. */
  String page() {
    return "%s%n%nStatus %d, code %s.%n%s%n".formatted(title, status, code, explanation);
  }

  /** Whether it may be gone in a moment. */
  boolean passes() {
    return status == HttpResponseStatus.SERVICE_UNAVAILABLE.code();
  }
}
