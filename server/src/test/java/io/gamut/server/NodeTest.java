package io.gamut.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;

/** Whole nodes over real sockets and files, with a real Redis client. */
final class NodeTest {
  private static final ProtocolCommand GAMUT = () -> "GAMUT".getBytes(StandardCharsets.US_ASCII);
  private static final long LIMIT_NANOS = 10_000_000_000L;

  @TempDir private Path directory;
  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void killAll() {
    nodes.forEach(Node::kill);
  }

  private Node start(int id) throws Exception {
    NodeConfig config = NodeConfig.of(new NodeId(id), directory.resolve("node-" + id)).withLab();
    Node node =
        Node.start(nodes.isEmpty() ? config : config.joining(nodes.get(0).overlayAddress()));
    nodes.add(node);
    return node;
  }

  private static Jedis client(Node node) {
    return new Jedis(node.respAddress().host(), node.respAddress().port());
  }

  private static void await(String what, BooleanSupplier condition) {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(limit);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void whatOneServerTakesTheOthersShow() throws Exception {
    Node first = start(0);
    Node second = start(1);
    Node third = start(2);
    try (Jedis writer = client(first);
        Jedis reader = client(third)) {
      assertThat(writer.set("colour", "blue")).isEqualTo("OK");
      assertThat(writer.get("colour")).isEqualTo("blue");
      await("server 2 shows it", () -> "blue".equals(reader.get("colour")));
      assertThat(writer.del("colour", "never")).isEqualTo(1);
      await("server 2 shows it gone", () -> reader.get("colour") == null);
      assertThat(second.id()).isEqualTo(new NodeId(1));
    }
  }

  @Test
  void aRestartedServerHoldsWhatItHasAcknowledged() throws Exception {
    Node node = start(0);
    try (Jedis client = client(node)) {
      for (int i = 0; i < 500; i++) {
        client.set("k" + i, "v" + i);
      }
    }
    node.kill();
    nodes.clear();
    Node again = start(0);
    try (Jedis client = client(again)) {
      for (int i = 0; i < 500; i++) {
        assertThat(client.get("k" + i)).isEqualTo("v" + i);
      }
    }
    again.close();
    nodes.clear();
    try (Jedis client = client(start(0))) {
      assertThat(client.get("k499")).isEqualTo("v499");
    }
  }

  @Test
  void sessionsTravelByToken() throws Exception {
    Node first = start(0);
    Node second = start(1);
    try (Jedis here = client(first);
        Jedis there = client(second)) {
      await("linked", () -> here.sendCommand(GAMUT, "STATUS") != null && linked(there));
      here.sendCommand(GAMUT, "LINK", "CUT", "1");
      here.set("k", "v");
      String token =
          new String((byte[]) here.sendCommand(GAMUT, "SESSION"), StandardCharsets.UTF_8);
      there.sendCommand(GAMUT, "SESSION", token);
      there.sendCommand(GAMUT, "WAIT", "0");
      assertThatThrownBy(() -> there.get("k"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("ERR_DEP");
      assertThat(there.get("other")).isNull();
      there.sendCommand(GAMUT, "WAIT", "5000");
      here.sendCommand(GAMUT, "LINK", "HEAL", "1");
      assertThat(there.get("k")).isEqualTo("v");
    }
  }

  private static boolean linked(Jedis client) {
    return client.sendCommand(GAMUT, "STATUS") instanceof List<?> status
        && status.get(13) instanceof List<?> neighbours
        && !neighbours.isEmpty();
  }

  @Test
  void strongLevelsAreRefusedAndNeverWeakened() throws Exception {
    try (Jedis client = client(start(0))) {
      assertThatThrownBy(() -> client.sendCommand(GAMUT, "AT", "linearizable", "SET", "a", "1"))
          .hasMessageContaining("ledger");
      assertThat(client.get("a")).isNull();
    }
  }

  @Test
  void pipelinedReadsSeeTheWritesBeforeThem() throws Exception {
    try (Jedis client = client(start(0))) {
      var pipeline = client.pipelined();
      List<redis.clients.jedis.Response<String>> reads = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        pipeline.set("k", "v" + i);
        reads.add(pipeline.get("k"));
      }
      pipeline.sync();
      for (int i = 0; i < reads.size(); i++) {
        assertThat(reads.get(i).get()).isEqualTo("v" + i);
      }
    }
  }

  @Test
  void twoNodesCannotShareADirectory() throws Exception {
    start(0);
    NodeConfig same = NodeConfig.of(new NodeId(0), directory.resolve("node-0"));
    assertThatThrownBy(() -> Node.start(same)).hasMessageContaining("node-0");
  }
}
