package io.gamut.server;

import static io.gamut.server.Nodes.GAMUT;
import static io.gamut.server.Nodes.await;
import static io.gamut.server.Nodes.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Whole nodes over real sockets and files, with a real Redis client. */
final class NodeTest {
  @TempDir private Path directory;
  private Nodes nodes;

  @BeforeEach
  void open() {
    nodes = new Nodes(directory);
  }

  @AfterEach
  void killAll() {
    nodes.killAll();
  }

  @Test
  void whatOneServerTakesTheOthersShow() throws Exception {
    Node first = nodes.start(0);
    Node second = nodes.start(1);
    Node third = nodes.start(2);
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
    Node node = nodes.start(0);
    try (Jedis client = client(node)) {
      for (int i = 0; i < 500; i++) {
        client.set("k" + i, "v" + i);
      }
    }
    nodes.kill(0);
    Node again = nodes.start(0);
    try (Jedis client = client(again)) {
      for (int i = 0; i < 500; i++) {
        assertThat(client.get("k" + i)).isEqualTo("v" + i);
      }
    }
    nodes.close(0);
    try (Jedis client = client(nodes.start(0))) {
      assertThat(client.get("k499")).isEqualTo("v499");
    }
  }

  @Test
  void sessionsTravelByToken() throws Exception {
    Node first = nodes.start(0);
    Node second = nodes.start(1);
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
      assertThatThrownBy(() -> there.keys("*"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("ERR_DEP");
      assertThat(there.get("other")).isNull();
      there.sendCommand(GAMUT, "WAIT", "5000");
      here.sendCommand(GAMUT, "LINK", "HEAL", "1");
      assertThat(there.keys("*")).containsExactly("k");
      assertThat(there.get("k")).isEqualTo("v");
    }
  }

  private static boolean linked(Jedis client) {
    return client.sendCommand(GAMUT, "STATUS") instanceof List<?> status
        && status.get(13) instanceof List<?> neighbours
        && !neighbours.isEmpty();
  }

  @Test
  void pipelinedReadsSeeTheWritesBeforeThem() throws Exception {
    try (Jedis client = client(nodes.start(0))) {
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
    nodes.start(0);
    NodeConfig same = NodeConfig.of(new NodeId(0), directory.resolve("node-0"));
    assertThatThrownBy(() -> Node.start(same)).hasMessageContaining("node-0");
  }
}
