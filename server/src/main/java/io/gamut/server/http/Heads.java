package io.gamut.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold of a request's head, whatever it is for. */
final class Heads {
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /** RFC 9110 section 5.6.7. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private Heads() {}

  /** The time now, as heads have it. */
  static String date(InstantSource clock) {
    return DATE.format(clock.instant());
  }

  /** Why bytes are no request. */
  static ProblemException unreadable(@Nullable Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          new ProblemException(
              Problem.LONG_LINE, "the limit is " + HttpLimits.LINE_BYTES_MAX + " bytes");
      case TooLongHttpHeaderException _ ->
          new ProblemException(
              Problem.LARGE_HEADERS, "the limit is " + HttpLimits.HEADER_BYTES_MAX + " bytes");
      case null, default -> ProblemException.malformed("the bytes are no HTTP request");
    };
  }

  /** Throws {@link ProblemException} where something does not. */
  static void check(HttpRequest request) {
    HttpVersion version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      throw new ProblemException(Problem.HTTP_VERSION, "HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && version.equals(HttpVersion.HTTP_1_1))) {
      throw ProblemException.malformed("a request has one Host");
    }
    String expect = request.headers().get(HttpHeaderNames.EXPECT);
    if (expect != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
      throw new ProblemException(Problem.EXPECTATION, "only 100-continue is met");
    }
    requireOwnOrigin(request, hosts);
  }

  /**
   * A browser lets any page send some requests anywhere, without asking first; it says then where
   * the page is from.
   */
  private static void requireOwnOrigin(HttpRequest request, List<String> hosts) {
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin == null || SAFE.contains(request.method())) {
      return;
    }
    String host = hosts.isEmpty() ? "" : hosts.getFirst().toLowerCase(Locale.ROOT);
    String lower = origin.toLowerCase(Locale.ROOT);
    if (!lower.equals("http://" + host) && !lower.equals("https://" + host)) {
      throw new ProblemException(
          Problem.FOREIGN_ORIGIN, "the header Origin names another host than Host");
    }
  }

  /** Throws {@link ProblemException} if a body is announced that is too long. */
  static void requireRoom(HttpRequest request, int bytesMax) {
    if (length(request) > bytesMax) {
      throw Body.tooLarge(bytesMax);
    }
  }

  /** How long its body can be: as long as is announced, if that is. */
  static int bodyBytesMax(HttpRequest request, int bytesMax) {
    boolean isAnnounced = request.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
    return isAnnounced ? (int) Math.min(bytesMax, length(request)) : bytesMax;
  }

  /** Whether it has no body, or one that may as well be read to its end and passed over. */
  static boolean isShort(HttpRequest request, int bytesMax) {
    HttpHeaders headers = request.headers();
    return !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        && !headers.contains(HttpHeaderNames.EXPECT)
        && length(request) <= bytesMax;
  }

  private static long length(HttpRequest request) {
    try {
      return HttpUtil.getContentLength(request, 0L);
    } catch (NumberFormatException _) {
      throw ProblemException.malformed("Content-Length is a number");
    }
  }
}
