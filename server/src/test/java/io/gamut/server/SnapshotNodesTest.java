package io.gamut.server;

import static io.gamut.server.RetainingNodes.GAMUT;
import static io.gamut.server.RetainingNodes.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Whole nodes, of which one lacks so much that only the whole committed state helps it. */
@Timeout(180)
final class SnapshotNodesTest {
  private static final int VALUE_BYTES = 16 << 10;

  @TempDir private Path root;
  private RetainingNodes nodes;
  private final AtomicBoolean isEnough = new AtomicBoolean();
  private final ExecutorService clients = Executors.newCachedThreadPool();

  @AfterEach
  void killAll() {
    isEnough.set(true);
    clients.close();
    nodes.killAll();
  }

  @BeforeEach
  void startThree() throws Exception {
    nodes = new RetainingNodes(root);
    nodes.startThree();
  }

  private static String value(int number) {
    byte[] bytes = new byte[VALUE_BYTES / 2];
    new SplittableRandom(number).nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void set(Jedis client, String key, String value) {
    assertThat(client.sendCommand(GAMUT, "AT", "linearizable", "SET", key, value))
        .isEqualTo("OK".getBytes(UTF_8));
  }

  private static String get(Jedis client, String level, String key) {
    return new String((byte[]) client.sendCommand(GAMUT, "AT", level, "GET", key), UTF_8);
  }

  /** Writes so much that ledgers let go of what was before. */
  private void fill(int at, int from, int count) {
    try (Jedis client = nodes.client(at)) {
      for (int i = from; i < from + count; i++) {
        set(client, "k" + i, value(i));
      }
    }
  }

  private void checkFilled(int at, int from, int count) {
    try (Jedis client = nodes.client(at)) {
      for (int i = from; i < from + count; i++) {
        String level = i % 2 == 0 ? "linearizable" : "sequential";
        assertThat(get(client, level, "k" + i)).as("k%s at %s", i, level).isEqualTo(value(i));
      }
    }
  }

  /** Writes until it is enough; every write must succeed. */
  private Future<Integer> keepWriting(int at) {
    return keepWriting(at, "");
  }

  private Future<Integer> keepWriting(int at, String padding) {
    return clients.submit(() -> {
      int written = 0;
      try (Jedis client = nodes.client(at)) {
        while (!isEnough.get()) {
          set(client, "busy", padding + ++written);
        }
      }
      return written;
    });
  }

  @Test
  void aServerThatWasAwayForLongCatchesUpWhileOthersWrite() throws Exception {
    int away = nodes.follower();
    nodes.kill(away);
    int leader = nodes.leader();
    fill(leader, 0, 400);
    Future<Integer> writing = keepWriting(leader);
    nodes.start(away);
    nodes.awaitCaughtUp(away, leader);
    // The first that was sent may have been too old when it came.
    assertThat(nodes.states(away))
        .contains("committed.current")
        .anyMatch(name -> name.matches("committed-[1-9][0-9]*"));
    isEnough.set(true);
    int written = writing.get();
    try (Jedis client = nodes.client(away)) {
      assertThat(get(client, "linearizable", "busy")).isEqualTo("" + written);
      set(client, "after", "it");
      assertThat(get(client, "sequential", "after")).isEqualTo("it");
    }
    checkFilled(away, 0, 400);
    nodes.close(away);
    nodes.start(away);
    nodes.awaitCaughtUp(away, leader);
    checkFilled(away, 0, 400);
    assertThat(nodes.states(away))
        .contains("committed.current")
        .anyMatch(name -> name.matches("committed-[1-9][0-9]*"));
  }

  @Test
  void aServerThatJoinsLateIsSentAllAndCrashesWithoutLosingIt() throws Exception {
    fill(0, 0, 300);
    Future<Integer> writing = keepWriting(1);
    nodes.start(3);
    nodes.awaitCaughtUp(3, 0);
    nodes.kill(3);
    assertThat(nodes.states(3)).contains("committed.current");
    nodes.start(3);
    nodes.awaitCaughtUp(3, 0);
    checkFilled(3, 0, 300);
    nodes.awaitVoters(3, 4);
    isEnough.set(true);
    assertThat(writing.get()).isPositive();
  }

  @Test
  void weakWritesAreTakenAndSeenAtAServerThatIsCatchingUp() throws Exception {
    int away = nodes.follower();
    nodes.kill(away);
    int leader = nodes.leader();
    try (Jedis client = nodes.client(leader)) {
      client.set("weak", "absorbed while it was away");
    }
    fill(leader, 0, 600);
    nodes.delay(leader, away, 300);
    nodes.start(away);
    nodes.awaitPart(away, 1);
    try (Jedis client = nodes.client(away)) {
      client.set("here", "taken");
      assertThat(client.get("here")).isEqualTo("taken");
      assertThat(nodes.states(away)).doesNotContain("committed.current");
      nodes.awaitCaughtUp(away, leader);
      assertThat(client.get("weak")).isEqualTo("absorbed while it was away");
      assertThat(client.get("here")).isEqualTo("taken");
    }
    try (Jedis client = nodes.client(leader)) {
      await("it has spread", () -> "taken".equals(client.get("here")));
    }
  }

  @Test
  void whatFollowsAStateThatTakesLongToSendIsStillThereWhenItHasCome() throws Exception {
    int away = nodes.follower();
    nodes.kill(away);
    int leader = nodes.leader();
    fill(leader, 0, 600);
    nodes.delay(leader, away, 300);
    Future<Integer> writing = keepWriting(leader, "x".repeat(2_000));
    nodes.start(away);
    nodes.awaitPart(away, 1);
    nodes.awaitCaughtUp(away, leader);
    assertThat(nodes.states(away)).contains("committed-1").doesNotContain("committed-2");
    isEnough.set(true);
    assertThat(writing.get()).isPositive();
  }

  /** Its entry is taken and applied elsewhere, and comes back in a snapshot only. */
  @Test
  void aStrongOperationIsAnsweredThoughItsEntryIsOnlyInASnapshot() throws Exception {
    int away = nodes.follower();
    int leader = nodes.leader();
    nodes.delay(leader, away, 2_000);
    Future<Object> answer =
        clients.submit(() -> {
          try (Jedis client = nodes.client(away)) {
            client.sendCommand(GAMUT, "WAIT", "60000");
            return client.sendCommand(GAMUT, "AT", "linearizable", "INCR", "n");
          }
        });
    try (Jedis client = nodes.client(leader)) {
      await(
          "it is applied at the leader",
          () -> client.sendCommand(GAMUT, "AT", "sequential", "GET", "n") != null);
    }
    nodes.cutOff(away, true);
    nodes.delay(leader, away, 0);
    fill(leader, 0, 400);
    assertThat(answer).isNotDone();
    nodes.cutOff(away, false);
    assertThat(answer.get()).isEqualTo(1L);
    assertThat(nodes.states(away))
        .contains("committed.current")
        .anyMatch(name -> name.matches("committed-[1-9][0-9]*"));
    try (Jedis client = nodes.client(away)) {
      assertThat(get(client, "linearizable", "n")).isEqualTo("1");
    }
  }

  @Test
  void aReceiverThatIsKilledHalfWayBeginsAgain() throws Exception {
    int away = nodes.follower();
    nodes.kill(away);
    int leader = nodes.leader();
    fill(leader, 0, 600);
    nodes.delay(leader, away, 300);
    nodes.start(away);
    nodes.awaitPart(away, 1);
    nodes.kill(away);
    assertThat(nodes.states(away)).doesNotContain("committed.current");
    nodes.start(away);
    nodes.awaitCaughtUp(away, leader);
    nodes.delay(leader, away, 0);
    checkFilled(away, 0, 600);
    await(
        "the old state is deleted",
        () -> !nodes.directory(away).resolve("committed").toFile().exists());
    assertThat(nodes.states(away)).hasSize(2);
  }

  @Test
  void whenTheSenderDiesHalfWayTheNextLeaderSends() throws Exception {
    int away = nodes.follower();
    nodes.kill(away);
    int leader = nodes.leader();
    int other = nodes.follower();
    fill(leader, 0, 600);
    nodes.delay(leader, away, 300);
    nodes.start(away);
    nodes.awaitPart(away, 1);
    nodes.kill(leader);
    await("another leads", () -> nodes.leader() != leader);
    nodes.awaitCaughtUp(away, other);
    fill(away, 600, 10);
    checkFilled(away, 0, 610);
    nodes.start(leader);
    assertThat(nodes.states(leader)).noneMatch(name -> name.startsWith("outgoing"));
    nodes.awaitCaughtUp(leader, other);
    checkFilled(leader, 0, 610);
  }

  @Test
  void aServerWhoseCommittedStateIsGoneSaysSoAndTakesNothingForGranted() throws Exception {
    int broken = nodes.follower();
    fill(nodes.leader(), 0, 400);
    nodes.awaitCaughtUp(broken, nodes.leader());
    nodes.close(broken);
    Path committed = nodes.directory(broken).resolve("committed");
    Files.move(committed, committed.resolveSibling("elsewhere"));
    assertThatThrownBy(() -> nodes.start(broken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not of the same time")
        .hasMessageContaining("start with an empty one");
  }
}
