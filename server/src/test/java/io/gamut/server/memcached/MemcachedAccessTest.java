package io.gamut.server.memcached;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users over the memcached protocol, as memcached has them with -Y. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MemcachedAccessTest {
  private static final String UNKNOWN = "CLIENT_ERROR unauthenticated\r\n";

  private Path directory;
  private Node node;

  @BeforeAll
  void start(@TempDir Path scratch) throws Exception {
    directory = scratch;
    UsersFile users = new UsersFile(directory.resolve("users"));
    users.put(new User("bob", Optional.of(Consistency.EVENTUAL), false), hash("p w"));
    users.put(new User("reader", Optional.empty(), true), hash("rp"));
    node =
        Node.start(
            NodeConfig.of(new NodeId(3), directory.resolve("node")).toBuilder()
                .memcached(new Endpoint("127.0.0.1", 0))
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

  private LineClient connect() throws Exception {
    return new LineClient(node.memcachedAddress().orElseThrow());
  }

  private static String signIn(String token) {
    return "set any 0 0 " + token.length() + "\r\n" + token;
  }

  @Test
  void beforeItsPasswordAClientGetsNothing() throws Exception {
    try (LineClient client = connect()) {
      client.send(
          "get a\r\nversion\r\nmn\r\nlevel eventual\r\nms a 1\r\nx\r\nadd a 0 0 1\r\nx\r\n");
      assertThat(client.receiveUntil(UNKNOWN.repeat(6))).isEmpty();
      client.send(signIn("bobp") + "\r\n");
      assertThat(client.receiveUntil("\r\n"))
          .isEqualTo("CLIENT_ERROR bad authentication token format");
      client.send(signIn("y".repeat(3_000)) + "\r\n");
      assertThat(client.receiveUntil("\r\n"))
          .isEqualTo("CLIENT_ERROR bad authentication token format");
      client.send(signIn("bob wrong") + "\r\n" + signIn("eve p w") + "\r\n");
      assertThat(client.receiveUntil("\r\n")).isEqualTo("CLIENT_ERROR authentication failure");
      assertThat(client.receiveUntil("\r\n")).isEqualTo("CLIENT_ERROR authentication failure");
      // What is pipelined behind the password waits for it.
      assertThat(client.call(signIn("bob p w"), "set a 0 0 1", "x", "get a"))
          .isEqualTo("STORED\r\nSTORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
      // From now on a set is a set.
      assertThat(client.call(signIn("bob p w"), "get any"))
          .isEqualTo("STORED\r\nVALUE any 0 7\r\nbob p w\r\nEND\r\n");
    }
  }

  @Test
  void aReaderChangesNothing() throws Exception {
    try (LineClient client = connect()) {
      assertThat(
              client.call(
                  signIn("reader rp"),
                  "set a 0 0 1",
                  "x",
                  "delete a",
                  "incr a 1",
                  "md a",
                  "flush_all",
                  "touch a 1",
                  "get absent",
                  "ms a 1 Lcausal",
                  "x",
                  "receipt"))
          .isEqualTo(
              "STORED\r\n"
                  + "CLIENT_ERROR this user has no permissions to write\r\n".repeat(6)
                  + "END\r\n"
                  + "CLIENT_ERROR this user has no permissions to write\r\n"
                  + "RECEIPT level causal\r\n"
                  + "RECEIPT replica 3\r\n"
                  + "RECEIPT outcome not applied\r\n"
                  + "END\r\n");
    }
  }

  @Test
  void whoGuessesTenTimesIsShownOut() throws Exception {
    try (LineClient client = connect()) {
      client.send((signIn("bob guess") + "\r\n").repeat(12));
      assertThat(client.receiveToEnd())
          .isEqualTo("CLIENT_ERROR authentication failure\r\n".repeat(10));
    }
  }
}
