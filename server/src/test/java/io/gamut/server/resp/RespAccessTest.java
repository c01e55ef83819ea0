package io.gamut.server.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.server.access.AccessConfig;
import io.gamut.server.access.PasswordHash;
import io.gamut.server.access.User;
import io.gamut.server.access.UsersFile;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;

/** Users over RESP: a stranger gets nothing, a reader changes nothing, and all in Redis' words. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RespAccessTest {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

  private Path directory;
  private Node node;

  @BeforeAll
  void start(@TempDir Path scratch) throws Exception {
    directory = scratch;
    UsersFile users = new UsersFile(directory.resolve("users"));
    users.put(new User("default", Optional.empty(), false), hash("secret"));
    users.put(new User("reader", Optional.of(Consistency.CAUSAL), true), hash("rp"));
    users.put(new User("writer", Optional.of(Consistency.EVENTUAL), false), hash("wp"));
    node =
        Node.start(
            NodeConfig.of(new NodeId(3), directory.resolve("node")).toBuilder()
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

  private WireClient connect() throws IOException {
    return new WireClient(node.respAddress().host(), node.respAddress().port());
  }

  private static List<String> words(String line) {
    return List.of(line.split(" ", -1));
  }

  @Test
  void aStrangerIsAnsweredAsByRedis() throws Exception {
    assumeTrue(isInstalled("redis-server"), "redis-server is not installed");
    Path acl = directory.resolve("acl");
    Files.writeString(
        acl,
        """
        user default on >secret ~* &* +@all
        user reader on >rp ~* &* +@all -@write -@dangerous
        """);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process redis =
        new ProcessBuilder(
                List.of(
                    "redis-server",
                    "--port",
                    "" + port,
                    "--save",
                    "",
                    "--aclfile",
                    acl.toString(),
                    "--dir",
                    directory.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (WireClient theirs = awaitRedis(port);
        WireClient ours = connect()) {
      for (String line :
          List.of(
              "PING",
              "GET k",
              "GET",
              "NOSUCH a",
              "MULTI",
              "EXEC",
              "CLIENT ID",
              "ACL WHOAMI",
              "HELLO",
              "HELLO 3",
              "HELLO 3 SETNAME x",
              "HELLO 9",
              "HELLO 3 AUTH a",
              "AUTH",
              "AUTH wrong",
              "AUTH a b c",
              "AUTH nobody x",
              "AUTH reader bad",
              "HELLO 3 AUTH reader bad",
              "AUTH reader rp",
              "ACL WHOAMI",
              "GET k",
              "SET a b",
              "INCR a",
              "FLUSHALL",
              "MULTI",
              "GET k",
              "SET a b",
              "EXEC",
              "CONFIG SET save x",
              "AUTH reader wrong",
              "ACL WHOAMI",
              "RESET",
              "GET k",
              "AUTH secret",
              "ACL WHOAMI",
              "SET a b",
              "RESET",
              "QUIT")) {
        assertThat(ours.call(words(line)).toString())
            .as(line)
            .isEqualTo(theirs.call(words(line)).toString());
      }
    } finally {
      redis.destroy();
      redis.waitFor();
    }
  }

  private static boolean isInstalled(String program) {
    for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(place, program))) {
        return true;
      }
    }
    return false;
  }

  private static WireClient awaitRedis(int port) throws IOException {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      try {
        return new WireClient("127.0.0.1", port);
      } catch (IOException e) {
        if (System.nanoTime() > limit) {
          throw e;
        }
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  @Test
  void whatIsPipelinedBehindAPasswordWaitsForIt() throws Exception {
    try (WireClient client = connect()) {
      List<String> lines = new ArrayList<>(List.of("GET k", "AUTH writer wp", "SET p 1"));
      lines.addAll(List.of("GET p", "AUTH nobody x", "GET p", "RESET", "GET p"));
      lines.addAll(List.of("HELLO 3 AUTH reader rp SETNAME joe", "SET p 2", "GET p"));
      for (String line : lines) {
        client.send(words(line));
      }
      List<String> replies = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        replies.add(client.receive().toString());
      }
      assertThat(replies.get(0)).startsWith("NOAUTH");
      assertThat(replies.subList(1, 4)).containsExactly("OK", "OK", "1");
      assertThat(replies.get(4)).startsWith("WRONGPASS");
      assertThat(replies.get(5)).isEqualTo("1");
      assertThat(replies.get(6)).isEqualTo("RESET");
      assertThat(replies.get(7)).startsWith("NOAUTH");
      assertThat(replies.get(8)).contains("proto");
      assertThat(replies.get(9)).startsWith("NOPERM");
      assertThat(replies.get(10)).isEqualTo("1");
      assertThat(client.call("CLIENT", "INFO").toString()).contains("name=joe", "user=reader");
      assertThat(client.call("CLIENT", "LIST").toString()).contains("user=reader");
    }
  }

  @Test
  void aReaderChangesNeitherDataNorTheCluster() throws Exception {
    try (WireClient client = connect()) {
      assertThat(client.call("AUTH", "reader", "rp").toString()).isEqualTo("OK");
      for (String line :
          List.of(
              "GAMUT AT eventual SET k v",
              "GAMUT IN  DEL k",
              "GAMUT CAS k 0 v",
              "GAMUT CASV k a b",
              "GAMUT SET k v",
              "GAMUT REMOVE 1",
              "GAMUT LEAVE",
              "GAMUT LINK CUT 1",
              "GAMUT FAULT",
              "GAMUT FAULT CLOCK 1",
              "CONFIG SET a b",
              "FLUSHDB",
              "GETEX k PERSIST",
              "EXPIRE k 1")) {
        assertThat(client.call(words(line)).toString()).as(line).startsWith("NOPERM");
      }
      assertThat(client.call("GAMUT", "STATUS")).isNotInstanceOf(RespValue.Failure.class);
      assertThat(client.call("MGET", "a", "b")).isNotInstanceOf(RespValue.Failure.class);
    }
  }

  @Test
  void theConnectionsLevelGoesBeforeThatOfItsUserAndThatBeforeTheServers() throws Exception {
    try (WireClient client = connect()) {
      client.call("AUTH", "reader", "rp");
      assertThat(client.call("GAMUT", "LEVEL").toString()).isEqualTo("causal");
      client.call("AUTH", "default", "secret");
      assertThat(client.call("GAMUT", "LEVEL").toString()).isEqualTo("linearizable");
      client.call("GAMUT", "LEVEL", "session");
      client.call("AUTH", "writer", "wp");
      assertThat(client.call("GAMUT", "LEVEL").toString()).isEqualTo("session");
    }
  }

  @Test
  void whoGuessesTenTimesIsShownOut() throws Exception {
    try (WireClient client = connect()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.call("AUTH", "reader", "guess" + i).toString()).startsWith("WRONGPASS");
      }
      assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aStrangersRequestsAreSmall() throws Exception {
    try (WireClient client = connect()) {
      client.sendRaw("*11\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.receive().toString())
          .isEqualTo("ERR Protocol error: unauthenticated multibulk length");
    }
    try (WireClient client = connect()) {
      client.sendRaw("*2\r\n$16385\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.receive().toString())
          .isEqualTo("ERR Protocol error: unauthenticated bulk length");
    }
    try (WireClient client = connect()) {
      client.call("AUTH", "writer", "wp");
      assertThat(client.call("SET", "large", "x".repeat(100_000)).toString()).isEqualTo("OK");
    }
  }

  @Test
  void aClientLibrarySignsIn() {
    HostAndPort address = new HostAndPort(node.respAddress().host(), node.respAddress().port());
    try (Jedis jedis = new Jedis(address, writer("wp"))) {
      assertThat(jedis.set("jedis", "1")).isEqualTo("OK");
      assertThat(jedis.aclWhoAmI()).isEqualTo("writer");
    }
    assertThatThrownBy(() -> new Jedis(address, writer("no")).close())
        .isInstanceOf(JedisAccessControlException.class);
  }

  private static DefaultJedisClientConfig writer(String password) {
    return DefaultJedisClientConfig.builder().user("writer").password(password).build();
  }
}
