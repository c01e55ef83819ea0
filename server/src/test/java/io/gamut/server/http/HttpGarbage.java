package io.gamut.server.http;

import io.gamut.server.hostile.Siege;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Requests with something wrong in most of them, and what is no request at all. */
final class HttpGarbage {
  private static final List<String> METHODS =
      List.of("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "BREW");
  private static final List<String> PATHS =
      List.of(
          "/",
          "//",
          "/x",
          "/v1",
          "/v1/keys",
          "/v1/keys/",
          "/v1/keys/k",
          "/v1/keys/%00",
          "/v1/keys/%2F",
          "/v1/keys/..",
          "/v1/keys/%zz",
          "/v1/keys/%",
          "/v1/keys/k/increment",
          "/v1/keys/k/append",
          "/v1/keys/k/nothing",
          "/v1/batch",
          "/v1/status",
          "/health/live",
          "/health/ready",
          "/openapi.json",
          "/problems/noquorum",
          "*",
          "http://localhost/v1/keys/k");
  private static final List<String> QUERIES =
      List.of(
          "",
          "",
          "?",
          "?x=1",
          "?ttl=-1",
          "?ttl=99999999999999999999",
          "?ttl=1&ttl=2",
          "?flags=x",
          "?by=1e9",
          "?limit=0",
          "?limit=1000000",
          "?limit=2",
          "?cursor=x",
          "?prefix=%ff",
          "?values=maybe",
          "?level=none",
          "?expiresAt=1",
          "?&&==&%");
  private static final List<String> NAMES =
      List.of(
          "Gamut-Level",
          "Gamut-Bound",
          "Gamut-Wait",
          "Gamut-Session",
          "Gamut-X",
          "If-Match",
          "If-None-Match",
          "Accept",
          "Content-Type",
          "Origin",
          "Authorization",
          "Expect-Not",
          "Range",
          "Cookie",
          "X");
  private static final List<String> VALUES =
      List.of(
          "",
          "eventual",
          "linearizable",
          "bounded",
          "-1",
          "500",
          "99999999999999999999",
          "*",
          "\"x\"",
          "\"1.0@00000000000000000000000000000000\"",
          "W/\"x\"",
          "application/json",
          "text/plain;q=0",
          "http://elsewhere.example",
          "Basic x",
          "AQ",
          ",,,",
          "\u00ff",
          "x".repeat(3_000));
  private static final List<String> BODIES =
      List.of(
          "",
          "x",
          "5",
          "{",
          "{}",
          "[]",
          "null",
          "{\"operations\": 5}",
          "{\"operations\": [{\"op\": \"get\"}]}",
          "{\"operations\": [{\"op\": \"get\", \"key\": \"k\"}]}",
          "{\"conditions\": [{\"key\": \"k\", \"is\": \"odd\"}], \"operations\": []}",
          "[".repeat(2_000),
          "\u00ff\u00fe",
          "x".repeat(200));

  private HttpGarbage() {}

  private static <T> T any(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }

  /** One whose end can be told, whatever it asks for. */
  static byte[] request(SplittableRandom random) {
    StringBuilder text = new StringBuilder(any(METHODS, random));
    text.append(' ').append(any(PATHS, random)).append(any(QUERIES, random));
    text.append(" HTTP/1.1\r\n");
    if (random.nextInt(30) > 0) {
      text.append("Host: x\r\n");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(any(NAMES, random)).append(": ").append(any(VALUES, random)).append("\r\n");
    }
    String body = any(BODIES, random);
    if (body.isEmpty() && random.nextBoolean()) {
      text.append("\r\n");
    } else {
      text.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    }
    return Siege.bytes(text.toString());
  }

  /** Bytes without any form, a request with bytes changed or left out, or chunks that are wrong. */
  static byte[] garbage(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        byte[] noise = new byte[random.nextInt(1, random.nextInt(20) == 0 ? 100_000 : 500)];
        random.nextBytes(noise);
        yield noise;
      }
      case 1 -> {
        String size = Long.toHexString(random.nextLong());
        String chunk =
            List.of("5\r\nabc", "0\r\n", size + "\r\n", "-" + size, "z\r\n", "\r\n", "5;")
                .get(random.nextInt(7));
        yield Siege.bytes(
            "PUT /v1/keys/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
      }
      default -> {
        byte[] changed = request(random);
        for (int i = random.nextInt(5); i >= 0; i--) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        yield Arrays.copyOf(changed, 1 + random.nextInt(changed.length));
      }
    };
  }
}
