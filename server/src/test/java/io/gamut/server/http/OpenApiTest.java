package io.gamut.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.server.access.AccessConfig;
import io.gamut.server.access.ClientAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The OpenAPI document and the server say the same: each status that is documented of a method and
 * path is brought about, and what comes is held to the document.
 */
final class OpenApiTest {
  private static final Version VERSION =
      new Version(HybridClock.fromMillis(1_700_000_000_000L), new Origin(1, 2));
  private static final Key KEY = Key.of("k");
  private static final String BATCH =
      "{\"conditions\":[{\"key\":\"k\",\"is\":\"absent\"}],"
          + "\"operations\":[{\"op\":\"delete\",\"key\":\"k\"}]}";

  /** These ask nothing that could be broken. */
  private static final Set<String> NEVER_BROKEN =
      Set.of("/", "/openapi.json", "/problems/{name}", "/health/live");

  private final ApiDocument document;

  OpenApiTest() throws IOException {
    document = new ApiDocument();
  }

  /** One of what is documented. */
  private record Case(String method, String path, int status) {
    static Case parse(String text) {
      String[] parts = text.split(" ", -1);
      return new Case(parts[0].toUpperCase(Locale.ROOT), parts[1], Integer.parseInt(parts[2]));
    }

    String target() {
      return path.replace("{key}", "k").replace("{name}", "busy");
    }

    boolean isFor(String part) {
      return path.endsWith(part);
    }

    boolean isRead() {
      return method.equals("GET") || method.equals("HEAD");
    }
  }

  @TempDir private Path directory;

  /** Nobody is known there. */
  private ClientAccess users() throws IOException {
    Path file = directory.resolve("users");
    Files.writeString(file, "# none\n");
    return AccessConfig.OPEN.withUsers(file).load();
  }

  @Test
  void everythingThatIsDocumentedHappensAsDocumented() throws Exception {
    Set<String> expected = new TreeSet<>();
    try (StubServer server = new StubServer(StubServer.limits(60_000, 60_000));
        StubServer strict = new StubServer(StubServer.limits(60_000, 60_000), users());
        StubServer hasty = new StubServer(StubServer.limits(50, 50))) {
      for (String text : document.documented()) {
        Case one = Case.parse(text);
        if (one.status == 500 && NEVER_BROKEN.contains(one.path)) {
          continue;
        }
        expected.add(text);
        tell(server.services, one);
        StubServer asked = one.status == 401 ? strict : one.status == 408 ? hasty : server;
        try (RawHttp raw = asked.connect()) {
          exchange(raw, one);
        }
      }
    }
    assertThat(document.met()).containsAll(expected);
  }

  /** What the node says. */
  private static void tell(StubServices services, Case one) {
    services.broken = one.status == 500;
    services.settled = !(one.isFor("/ready") && one.status == 503);
    services.silent = one.isFor("/v1/status") && one.status == 503;
    services.pair =
        one.status == 404 || one.status == 412
            ? null
            : new Pair(
                KEY, new Content.Value(new byte[] {'v'}, 3, 0), VERSION, new LedgerPosition(5));
    services.reply =
        switch (one.status) {
          case 410 -> new Reply.Failed(ErrorCode.ERR_LOST, "lost");
          case 503 -> new Reply.Failed(ErrorCode.NOQUORUM, "no majority");
          case 504 -> new Reply.Failed(ErrorCode.UNKNOWN, "unknown");
          default -> one.isRead() ? null : done(one);
        };
  }

  private static Reply done(Case one) {
    if (one.status == 409) {
      return executed(new OperationResult.Failed(OperationResult.Problem.NOT_A_NUMBER));
    }
    if (one.status == 412) {
      return executed(new OperationResult.Unmet(0, VERSION));
    }
    if (one.isFor("{key}")) {
      return new Reply.Written(VERSION, new Dot(new Origin(1, 2), 1), one.status == 204);
    }
    return executed(
        new OperationResult.Changed(List.of(new ChangeResult(VERSION, true, 42, null))));
  }

  private static Reply executed(OperationResult result) {
    return new Reply.Executed(result, 9);
  }

  private void exchange(RawHttp raw, Case one) throws IOException {
    String method = one.method;
    String target = one.target();
    String version = "HTTP/1.1";
    List<String> headers = new ArrayList<>();
    String body = one.isFor("/batch") ? BATCH : "";
    if (one.isFor("/batch") && one.status != 415) {
      headers.add("Content-Type: application/json");
    }
    switch (one.status) {
      case 304 -> headers.add("If-None-Match: *");
      case 400 -> target += "?nonsense=1";
      case 403 -> headers.add("Origin: http://elsewhere.example");
      case 404 -> target = target.replace("busy", "none");
      case 405 -> method = "PATCH";
      case 406 -> headers.add("Accept: text/html");
      case 412 -> headers.add("If-Match: *");
      case 413 -> headers.add("Content-Length: 99999999");
      case 414 -> target += "?" + "x".repeat(HttpLimits.LINE_BYTES_MAX);
      case 415 -> headers.add("Content-Encoding: gzip");
      case 417 -> headers.add("Expect: nothing");
      case 431 -> headers.add("X: " + "x".repeat(HttpLimits.HEADER_BYTES_MAX));
      case 505 -> version = "HTTP/2.0";
      default -> {}
    }
    if (one.status == 413) {
      body = "";
    }
    if (!body.isEmpty()) {
      headers.add("Content-Length: " + body.length());
    }
    String head = method + " " + target + " " + version + "\r\nHost: x\r\n";
    headers.add("X-End: 1");
    raw.send(head + String.join("\r\n", headers) + "\r\n");
    if (one.status != 408) {
      raw.send("\r\n" + body);
    }
    RawHttp.Reply reply = raw.receive(method);
    assertThat(reply.status()).as("%s: %s", one, reply.text()).isEqualTo(one.status);
    String path = one.status == 404 ? target : one.target();
    document.check(method, path, reply.status(), reply.headers(), reply.body());
  }

  @Test
  void whatIsNotDocumentedIsNoticed() {
    byte[] body = "{\"status\":\"up\"}".getBytes(StandardCharsets.UTF_8);
    Map<String, String> json = Map.of("content-type", "application/json");
    document.check("GET", "/health/live", 200, json, body);
    assertThatThrownBy(() -> document.check("GET", "/health/live", 204, json, body))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> document.check("GET", "/health/dead", 200, json, body))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () -> document.check("GET", "/health/live", 200, json, new byte[] {'{', '}'}))
        .isInstanceOf(AssertionError.class);
    Map<String, String> more = Map.of("content-type", "application/json", "gamut-age", "1");
    assertThatThrownBy(() -> document.check("GET", "/health/live", 200, more, body))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void everyKindOfRefusalHasItsProblem() throws Exception {
    try (StubServer server = new StubServer(StubServer.limits(60_000, 60_000))) {
      for (ErrorCode code : ErrorCode.values()) {
        server.services.reply = new Reply.Failed(code, "told to");
        for (String level : List.of("causal", "linearizable")) {
          for (String method : List.of("GET", "PUT", "DELETE")) {
            try (RawHttp raw = server.connect()) {
              raw.request(method, "/v1/keys/k", List.of("Gamut-Level: " + level), "");
              RawHttp.Reply reply = raw.receive(method);
              document.check(method, "/v1/keys/k", reply.status(), reply.headers(), reply.body());
              assertThat(document.parse(reply.body()).get("code").asString())
                  .isEqualTo(code.name());
              assertThat(reply.header("gamut-outcome"))
                  .isEqualTo(code == ErrorCode.UNKNOWN ? "unknown" : "not applied");
              assertThat(reply.header("gamut-level")).isEqualTo(level);
            }
          }
        }
      }
    }
  }
}
