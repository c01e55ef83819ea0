package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.core.NodeId;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.NodeConfig;
import io.gamut.storage.journal.Durability;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server's process is killed at random moments while it takes writes, and started again on what
 * is left: whatever it has acknowledged must be there.
 *
 * <p>{@code kill -9} leaves the page cache alone, so this holds for every durability; rounds take
 * turns with them. What a power cut takes is the business of the journal's tests. How many times:
 * {@code -Dgamut.kills=100}; what is random follows from {@code -Dgamut.kills.seed}.
 */
final class KillTest {
  private static final int KILLS = Integer.getInteger("gamut.kills", 3);
  private static final long SEED = Long.getLong("gamut.kills.seed", 1);
  private static final int KEYS = 20_000;
  private static final int UNDER_WAY = 64;
  private static final int LIFE_MILLIS_MAX = 500;
  private static final Duration REPLY_MAX = Duration.ofSeconds(10);

  @TempDir private Path data;

  private final Random random = new Random(SEED);
  private final Map<String, Long> acknowledged = new HashMap<>();
  private long written;
  private long acknowledgements;

  @Test
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    for (int kill = 1; kill <= KILLS; kill++) {
      RunningNode node = Launchers.fleetingProcesses(data, 0).start(config());
      try (GamutConnection connection = connect(node)) {
        requireAcknowledged(connection, "before kill " + kill);
        CompletableFuture<Void> killed = killLater(node);
        writeUntilItIsGone(connection);
        killed.join();
      } finally {
        node.kill();
      }
    }
    RunningNode node = Launchers.fleetingProcesses(data, 0).start(config());
    try (GamutConnection connection = connect(node)) {
      requireAcknowledged(connection, "at the end");
    } finally {
      node.stop();
    }
    assertThat(acknowledgements).isPositive();
    System.out.println(
        "%d kills, %,d acknowledged writes, none missing".formatted(KILLS, acknowledgements));
  }

  private NodeConfig config() {
    Durability[] all = Durability.values();
    return NodeConfig.of(new NodeId(0), data.resolve("node")).with(all[random.nextInt(all.length)]);
  }

  private static GamutConnection connect(RunningNode node) throws ConnectionException {
    return GamutConnection.open(node.respAddress().host(), node.respAddress().port(), REPLY_MAX);
  }

  private CompletableFuture<Void> killLater(RunningNode node) {
    Executor later =
        CompletableFuture.delayedExecutor(random.nextInt(LIFE_MILLIS_MAX), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(node::kill, later);
  }

  private void writeUntilItIsGone(GamutConnection connection) {
    ArrayDeque<Map.Entry<String, Long>> underWay = new ArrayDeque<>();
    try {
      while (true) {
        String key = "key" + random.nextInt(KEYS);
        long number = ++written;
        connection.send("SET", key, number + "." + "x".repeat(random.nextInt(200)));
        underWay.add(Map.entry(key, number));
        if (underWay.size() == UNDER_WAY) {
          assertThat(connection.receive()).isInstanceOf(RespValue.Text.class);
          Map.Entry<String, Long> done = underWay.remove();
          acknowledged.put(done.getKey(), done.getValue());
          acknowledgements++;
        }
      }
    } catch (ConnectionException e) {
      // What was under way may be there or not.
    }
  }

  /** Each key has the value that was acknowledged last, or one written after that. */
  private void requireAcknowledged(GamutConnection connection, String when)
      throws ConnectionException {
    ArrayDeque<Map.Entry<String, Long>> asked = new ArrayDeque<>();
    for (Map.Entry<String, Long> expected : acknowledged.entrySet()) {
      connection.send("GET", expected.getKey());
      asked.add(expected);
      if (asked.size() == UNDER_WAY) {
        requireAtLeast(asked.remove(), connection.receive(), when);
      }
    }
    while (!asked.isEmpty()) {
      requireAtLeast(asked.remove(), connection.receive(), when);
    }
  }

  private static void requireAtLeast(
      Map.Entry<String, Long> expected, RespValue reply, String when) {
    String what = expected.getKey() + " " + when + ", seed " + SEED;
    assertThat(reply).as(what).isInstanceOf(RespValue.Text.class);
    String value = new String(((RespValue.Text) reply).bytes(), StandardCharsets.US_ASCII);
    assertThat(Long.parseLong(value.substring(0, value.indexOf('.'))))
        .as(what)
        .isGreaterThanOrEqualTo(expected.getValue());
  }
}
