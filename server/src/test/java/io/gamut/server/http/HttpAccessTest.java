package io.gamut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.server.access.AccessConfig;
import io.gamut.server.access.PasswordHash;
import io.gamut.server.access.User;
import io.gamut.server.access.UsersFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users over HTTP: Basic authentication with each request. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpAccessTest {
  private Path directory;
  private Node node;
  private ApiDocument document;

  @BeforeAll
  void start(@TempDir Path scratch) throws Exception {
    directory = scratch;
    document = new ApiDocument();
    UsersFile users = new UsersFile(directory.resolve("users"));
    users.put(new User("ann", Optional.of(Consistency.CAUSAL), false), hash("a:é"));
    users.put(new User("reader", Optional.empty(), true), hash("rp"));
    node =
        Node.start(
            NodeConfig.of(new NodeId(3), directory.resolve("node")).toBuilder()
                .http(new Endpoint("127.0.0.1", 0))
                .access(AccessConfig.OPEN.withUsers(users.path()))
                .build());
  }

  @AfterAll
  void stop() {
    node.kill();
  }

  private static PasswordHash hash(String password) {
    return PasswordHash.of(password.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> basic(String pair) {
    String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return List.of("Authorization: Basic " + encoded);
  }

  private RawHttp connect() throws IOException {
    return new RawHttp(node.httpAddress().orElseThrow());
  }

  private RawHttp.Reply call(
      RawHttp raw, String method, String target, List<String> headers, String body)
      throws IOException {
    raw.request(method, target, headers, body);
    RawHttp.Reply reply = raw.receive(method);
    document.check(method, target, reply.status(), reply.headers(), reply.body());
    return reply;
  }

  @Test
  void dataIsForUsersAndHealthIsForAll() throws Exception {
    try (RawHttp raw = connect()) {
      for (String target : List.of("/v1/keys/k", "/v1/keys", "/v1/status")) {
        RawHttp.Reply reply = call(raw, "GET", target, List.of(), "");
        assertThat(reply.status()).as(target).isEqualTo(401);
        assertThat(reply.header("www-authenticate"))
            .isEqualTo("Basic realm=\"gamut\", charset=\"UTF-8\"");
      }
      for (String header : List.of("Bearer x", "Basic", "Basic %%%", "Basic bm9jb2xvbg==")) {
        assertThat(
                call(raw, "PUT", "/v1/keys/k", List.of("Authorization: " + header), "v").status())
            .as(header)
            .isEqualTo(401);
      }
      for (String target : List.of("/health/live", "/health/ready", "/openapi.json", "/")) {
        assertThat(call(raw, "GET", target, List.of(), "").status()).as(target).isEqualTo(200);
      }
    }
  }

  @Test
  void aUserWritesAtItsLevelUnlessTheRequestNamesOne() throws Exception {
    try (RawHttp raw = connect()) {
      RawHttp.Reply written = call(raw, "PUT", "/v1/keys/own", basic("ann:a:é"), "v");
      assertThat(written.status()).isEqualTo(201);
      assertThat(written.header("gamut-level")).isEqualTo("causal");
      List<String> strongly = List.of(basic("ann:a:é").getFirst(), "Gamut-Level: linearizable");
      assertThat(call(raw, "PUT", "/v1/keys/own", strongly, "v").header("gamut-level"))
          .isEqualTo("linearizable");
    }
  }

  @Test
  void aReaderReads() throws Exception {
    try (RawHttp raw = connect()) {
      assertThat(call(raw, "PUT", "/v1/keys/r", basic("reader:rp"), "v").status()).isEqualTo(403);
      assertThat(call(raw, "DELETE", "/v1/keys/r", basic("reader:rp"), "").status()).isEqualTo(403);
      assertThat(call(raw, "GET", "/v1/keys/r", basic("reader:rp"), "").status()).isEqualTo(404);
    }
  }

  @Test
  void whoGuessesTenTimesIsShownOut() throws Exception {
    try (RawHttp raw = connect()) {
      for (int i = 0; i < 10; i++) {
        RawHttp.Reply reply = call(raw, "GET", "/v1/keys/k", basic("ann:" + i), "");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("connection")).isEqualTo(i < 9 ? null : "close");
      }
      assertThat(raw.isEnded()).isTrue();
    }
  }
}
