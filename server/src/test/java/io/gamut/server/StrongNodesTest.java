package io.gamut.server;

import static io.gamut.server.Nodes.GAMUT;
import static io.gamut.server.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** Strong and weak levels on the same keys, on whole nodes over real sockets and files. */
final class StrongNodesTest {
  @TempDir private Path directory;
  private Nodes nodes;

  @BeforeEach
  void open() throws Exception {
    nodes = new Nodes(directory);
    nodes.startThree();
  }

  @AfterEach
  void killAll() {
    nodes.killAll();
  }

  private static @Nullable String get(Jedis client, String level, String key) {
    return text(client.sendCommand(GAMUT, "AT", level, "GET", key));
  }

  private static @Nullable String set(Jedis client, String level, String key, String value) {
    return text(client.sendCommand(GAMUT, "AT", level, "SET", key, value));
  }

  private static @Nullable String text(Object reply) {
    return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : null;
  }

  private static @Nullable String session(Jedis client) {
    return text(client.sendCommand(GAMUT, "SESSION"));
  }

  @Test
  void whatOneServerHasWrittenStronglyAnyServerReads() {
    try (Jedis zero = nodes.clientOf(0);
        Jedis one = nodes.clientOf(1);
        Jedis two = nodes.clientOf(2)) {
      for (int i = 0; i < 50; i++) {
        assertThat(set(zero, "linearizable", "k", "a" + i)).isEqualTo("OK");
        assertThat(get(one, "linearizable", "k")).isEqualTo("a" + i);
        assertThat(set(two, "linearizable", "k", "b" + i)).isEqualTo("OK");
        assertThat(get(zero, "bounded", "k")).isIn("a" + i, "b" + i);
        assertThat(get(two, "sequential", "k")).isEqualTo("b" + i);
      }
      assertThat(one.sendCommand(GAMUT, "AT", "linearizable", "DEL", "k", "none")).isEqualTo(1L);
      assertThat(get(two, "linearizable", "k")).isNull();
    }
  }

  @Test
  void aSessionCarriesWeakWritesToStrongReadsAndBack() {
    try (Jedis here = nodes.clientOf(1);
        Jedis there = nodes.clientOf(2)) {
      for (int i = 0; i < 50; i++) {
        here.set("k", "weak" + i);
        there.sendCommand(GAMUT, "SESSION", session(here));
        assertThat(get(there, "linearizable", "k")).isEqualTo("weak" + i);
        set(there, "linearizable", "k", "strong" + i);
        here.sendCommand(GAMUT, "SESSION", session(there));
        assertThat(here.get("k")).isEqualTo("strong" + i);
        assertThat(get(here, "causal", "k")).isEqualTo("strong" + i);
      }
    }
  }

  @Test
  void aWeakWriteAfterAStrongOneWinsAndAStrongOneAfterAWeakOneToo() {
    try (Jedis client = nodes.clientOf(2)) {
      for (int i = 0; i < 50; i++) {
        set(client, "linearizable", "k", "strong");
        client.set("k", "weak");
        assertThat(client.get("k")).isEqualTo("weak");
        assertThat(get(client, "linearizable", "k")).isEqualTo("weak");
        set(client, "linearizable", "k", "strong again");
        assertThat(client.get("k")).isEqualTo("strong again");
      }
    }
  }

  @Test
  void aFlushDeletesEveryKeyForWeakReadersToo() {
    try (Jedis here = nodes.clientOf(1);
        Jedis there = nodes.clientOf(2)) {
      here.set("weak", "w");
      set(here, "linearizable", "strong", "s");
      assertThat(here.flushAll()).isEqualTo("OK");
      assertThat(here.get("weak")).isNull();
      assertThat(get(here, "linearizable", "strong")).isNull();
      there.sendCommand(GAMUT, "SESSION", session(here));
      assertThat(there.get("weak")).isNull();
      assertThat(there.get("strong")).isNull();
      there.set("weak", "after");
      assertThat(get(there, "linearizable", "weak")).isEqualTo("after");
      assertThat(there.sendCommand(Protocol.Command.FLUSHDB, "ASYNC")).isNotNull();
      assertThat(there.get("weak")).isNull();
    }
  }

  @Test
  void incrementsOfManyClientsAreAllCounted() throws Exception {
    int clients = 6;
    int each = 200;
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int id = i % 3;
        all.add(
            threads.submit(() -> {
              try (Jedis client = nodes.clientOf(id)) {
                for (int n = 0; n < each; n++) {
                  client.incr("counter");
                }
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    try (Jedis client = nodes.clientOf(0)) {
      assertThat(get(client, "linearizable", "counter")).isEqualTo("" + clients * each);
      await(
          "all are equal",
          () -> Objects.equals(nodes.ledger(0, "last"), nodes.ledger(1, "applied")));
    }
  }

  @Test
  void conditionsAndNumbersAreJudgedByTheLedger() {
    try (Jedis client = nodes.clientOf(1)) {
      assertThat(client.sendCommand(Protocol.Command.SETNX, "k", "7")).isEqualTo(1L);
      assertThat(client.sendCommand(Protocol.Command.SETNX, "k", "8")).isEqualTo(0L);
      assertThat(client.incrBy("k", 5)).isEqualTo(12);
      assertThat(client.decrBy("k", 2)).isEqualTo(10);
      assertThat(client.append("k", "x")).isEqualTo(3);
      assertThatThrownBy(() -> client.incr("k"))
          .isInstanceOf(JedisDataException.class)
          .hasMessage("ERR value is not an integer or out of range");
      assertThat(get(client, "linearizable", "k")).isEqualTo("10x");
    }
  }

  @Test
  void pipelinedRequestsOfBothKindsTakeEffectInOrder() {
    try (Jedis client = nodes.clientOf(1)) {
      var pipeline = client.pipelined();
      List<redis.clients.jedis.Response<String>> reads = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        pipeline.set("k", "" + i);
        pipeline.incr("k");
        reads.add(pipeline.get("k"));
      }
      pipeline.sync();
      for (int i = 0; i < reads.size(); i++) {
        assertThat(reads.get(i).get()).isEqualTo("" + (i + 1));
      }
    }
  }

  @Test
  void whenTheLeaderDiesWhatItHadAcknowledgedStaysAndOthersGoOn() {
    int leader = nodes.awaitLeader();
    int other = (leader + 1) % 3;
    try (Jedis client = nodes.clientOf(leader)) {
      for (int i = 0; i < 200; i++) {
        set(client, "linearizable", "k" + i, "v" + i);
      }
    }
    nodes.kill(leader);
    try (Jedis client = nodes.clientOf(other)) {
      assertThat(set(client, "linearizable", "after", "1")).isEqualTo("OK");
      for (int i = 0; i < 200; i++) {
        assertThat(get(client, "linearizable", "k" + i)).isEqualTo("v" + i);
      }
    }
  }

  @Test
  void withoutAMajorityStrongRequestsFailAtOnceAndWeakOnesGoOn() throws Exception {
    int leader = nodes.awaitLeader();
    int left = (leader + 1) % 3;
    int right = (leader + 2) % 3;
    try (Jedis client = nodes.clientOf(left)) {
      set(client, "linearizable", "k", "before");
      nodes.kill(leader);
      nodes.kill(right);
      await("no leader is known", () -> nodes.ledger(left, "leader") == null);
      assertThatThrownBy(() -> set(client, "linearizable", "k", "during"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("NOQUORUM");
      assertThatThrownBy(() -> get(client, "linearizable", "k")).hasMessageStartingWith("NOQUORUM");
      assertThat(get(client, "sequential", "k")).isEqualTo("before");
      client.set("k", "weak");
      assertThat(client.get("k")).isEqualTo("weak");
      nodes.start(right);
      await("somebody leads", () -> nodes.ledger(left, "leader") != null);
      assertThat(get(client, "linearizable", "k")).isEqualTo("weak");
    }
  }

  @Test
  void allThreeComeBackWithAllThatWasAcknowledged() throws Exception {
    try (Jedis client = nodes.clientOf(1)) {
      for (int i = 0; i < 300; i++) {
        set(client, i % 2 == 0 ? "linearizable" : "causal", "k" + i, "v" + i);
      }
    }
    for (int id = 0; id < 3; id++) {
      nodes.kill(id);
    }
    for (int id = 0; id < 3; id++) {
      nodes.start(id);
    }
    nodes.awaitLeader();
    try (Jedis client = nodes.clientOf(2)) {
      for (int i = 0; i < 300; i += 2) {
        assertThat(get(client, "linearizable", "k" + i)).isEqualTo("v" + i);
      }
      await("the weak ones are absorbed", () -> "v299".equals(get(client, "linearizable", "k299")));
    }
  }

  @Test
  void aServerThatLeavesIsNotCountedAnyMore() throws Exception {
    int leader = nodes.awaitLeader();
    int stays = (leader + 1) % 3;
    int last = (leader + 2) % 3;
    try (Jedis client = nodes.clientOf(leader)) {
      set(client, "linearizable", "k", "v");
      assertThat(text(client.sendCommand(GAMUT, "LEAVE"))).isEqualTo("OK");
    }
    nodes.close(leader);
    nodes.awaitVoters(Math.min(stays, last), Math.max(stays, last));
    try (Jedis client = nodes.clientOf(stays)) {
      assertThat(set(client, "linearizable", "k", "w")).isEqualTo("OK");
      assertThat(text(client.sendCommand(GAMUT, "LEAVE"))).isEqualTo("OK");
    }
    nodes.close(stays);
    nodes.awaitVoters(last);
    try (Jedis client = nodes.clientOf(last)) {
      assertThat(get(client, "linearizable", "k")).isEqualTo("w");
    }
  }

  @Test
  void oneThatComesBackWithAnEmptyDiskIsANewVoter() throws Exception {
    int leader = nodes.awaitLeader();
    int lost = (leader + 1) % 3;
    try (Jedis client = nodes.clientOf(leader)) {
      set(client, "linearizable", "k", "v");
      List<String> before = nodes.voterDisks(leader);
      nodes.kill(lost);
      nodes.wipe(lost);
      nodes.start(lost);
      for (int id : List.of(leader, lost)) {
        Nodes.await(
            "the new disk votes, as %d knows it".formatted(id),
            () -> {
              List<String> disks = nodes.voterDisks(id);
              return disks.size() == 3 && !disks.equals(before);
            });
      }
      try (Jedis back = nodes.clientOf(lost)) {
        assertThat(get(back, "linearizable", "k")).isEqualTo("v");
      }
      nodes.kill((leader + 2) % 3);
      assertThat(set(client, "linearizable", "k", "w")).isEqualTo("OK");
    }
  }

  @Test
  void aServerWhoseDiskIsGoneIsRemovedAndRefusedWithWhatItHeld() throws Exception {
    int leader = nodes.awaitLeader();
    int lost = (leader + 1) % 3;
    int asked = (leader + 2) % 3;
    try (Jedis client = nodes.clientOf(asked)) {
      nodes.kill(lost);
      assertThatThrownBy(() -> client.sendCommand(GAMUT, "REMOVE", "9"))
          .hasMessageContaining("not a member");
      assertThat(text(client.sendCommand(GAMUT, "REMOVE", "" + lost))).isEqualTo("OK");
      nodes.awaitVoters(Math.min(leader, asked), Math.max(leader, asked));
      assertThat(set(client, "linearizable", "k", "v")).isEqualTo("OK");
      assertThat(set(client, "causal", "weak", "w")).isEqualTo("OK");
      Node back = nodes.start(lost);
      assertThat(back.terminated().get(30, TimeUnit.SECONDS))
          .isNotNull()
          .hasMessageContaining("start it with an empty data directory");
      nodes.kill(lost);
      nodes.start(3);
      nodes.awaitVoters(Math.min(leader, asked), Math.max(leader, asked), 3);
      assertThat(get(client, "linearizable", "weak")).isEqualTo("w");
    }
  }

  @Test
  void aSessionIsToldOnceThatWhatItWroteIsLostAndGoesOn() throws Exception {
    int leader = nodes.awaitLeader();
    int lost = (leader + 1) % 3;
    int asked = (leader + 2) % 3;
    String token;
    try (Jedis client = nodes.clientOf(lost)) {
      client.sendCommand(GAMUT, "LINK", "CUT", "" + leader);
      client.sendCommand(GAMUT, "LINK", "CUT", "" + asked);
      // The first write of its origin: so nobody else has ever heard of that.
      assertThat(set(client, "causal", "k", "only here")).isEqualTo("OK");
      token = session(client);
    }
    nodes.kill(lost);
    try (Jedis client = nodes.clientOf(asked)) {
      assertThat(text(client.sendCommand(GAMUT, "REMOVE", "" + lost))).isEqualTo("OK");
      client.sendCommand(GAMUT, "SESSION", Objects.requireNonNull(token));
      assertThatThrownBy(() -> get(client, "causal", "k"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("ERR_LOST")
          .hasMessageContaining("gone for good with the disk of a removed server");
      assertThat(get(client, "causal", "k")).isNull();
      assertThat(set(client, "causal", "k", "again")).isEqualTo("OK");
      assertThat(get(client, "linearizable", "k")).isEqualTo("again");
    }
    String claim = "mg other N30 Leventual";
    try (MemcachedLines client =
        new MemcachedLines(
            nodes.memcachedAddress(asked),
            "session " + Objects.requireNonNull(token).length(),
            token,
            claim,
            claim)) {
      assertThat(client.answers())
          .as("though the value was to be had")
          .matches("OK\\|SERVER_ERROR ERR_LOST .*\\|HD W\\|");
    }
  }
}
