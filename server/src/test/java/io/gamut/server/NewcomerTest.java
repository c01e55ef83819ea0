package io.gamut.server;

import static io.gamut.server.Nodes.GAMUT;
import static io.gamut.server.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** A server that comes while no majority is there that could let it in. */
final class NewcomerTest {
  @TempDir private Path directory;
  private Nodes nodes;

  @BeforeEach
  void loseTheMajority() throws Exception {
    nodes = new Nodes(directory);
    nodes.startThree();
    try (Jedis client = nodes.clientOf(0)) {
      client.set("before", "there");
    }
    nodes.kill(1);
    nodes.kill(2);
  }

  @AfterEach
  void killAll() {
    nodes.killAll();
  }

  private static String session(Jedis client) {
    byte[] token = (byte[]) client.sendCommand(GAMUT, "SESSION");
    return new String(Objects.requireNonNull(token), StandardCharsets.US_ASCII);
  }

  @Test
  void itServesWeakRequestsAndForgetsNothingOnceItIsLetIn() throws Exception {
    nodes.start(3);
    try (Jedis newcomer = nodes.clientOf(3);
        Jedis member = nodes.clientOf(0)) {
      assertThat(newcomer.get("before")).isEqualTo("there");
      assertThat(newcomer.get("never")).isNull();
      assertThat(newcomer.set("k", "one")).isEqualTo("OK");
      assertThat(newcomer.get("k")).isEqualTo("one");
      assertThat(member.get("k")).isEqualTo("one");
      newcomer.sendCommand(GAMUT, "LEVEL", "causal");
      assertThat(newcomer.set("k", "two")).isEqualTo("OK");
      assertThat(newcomer.del("before", "never")).isEqualTo(1);
      member.sendCommand(GAMUT, "SESSION", session(newcomer));
      assertThat(member.get("k")).isEqualTo("two");
      assertThat(member.get("before")).isNull();
      assertThatThrownBy(
              () -> newcomer.sendCommand(GAMUT, "AT", "linearizable", "SET", "k", "strong"))
          .isInstanceOf(JedisDataException.class);
      nodes.start(1);
      nodes.start(2);
      nodes.awaitVoters(0, 1, 2, 3);
      assertThat(newcomer.get("k")).isEqualTo("two");
      assertThat(newcomer.set("k", "three")).isEqualTo("OK");
      assertThat(newcomer.sendCommand(GAMUT, "AT", "linearizable", "GET", "k"))
          .isEqualTo("three".getBytes(StandardCharsets.US_ASCII));
      await("all have it", () -> "three".equals(member.get("k")));
    }
  }

  @Test
  void withoutAMemberItSaysWhy() throws Exception {
    nodes.start(3);
    try (Jedis newcomer = nodes.clientOf(3)) {
      assertThat(newcomer.set("k", "one")).isEqualTo("OK");
      nodes.kill(0);
      await("it says so", () -> refuses(newcomer));
      assertThatThrownBy(() -> newcomer.get("k"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("ERR_DEP");
      assertThat(newcomer.get("never")).isNull();
    }
  }

  private static boolean refuses(Jedis newcomer) {
    try {
      newcomer.set("k", "two");
      return false;
    } catch (JedisDataException e) {
      return Objects.requireNonNull(e.getMessage()).contains("has not been let into the ledger");
    }
  }
}
