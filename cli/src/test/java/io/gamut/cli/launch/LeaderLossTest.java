package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.protocol.resp.RespValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes lose their leader, by {@code kill -9} or by a pause, while clients write and read
 * linearizably. How many times: {@code -Dgamut.kills=50}.
 */
final class LeaderLossTest {
  private static final int ROUNDS = Integer.getInteger("gamut.kills", 2);
  private static final int SERVERS = 3;

  @TempDir private Path data;
  private ServerProcesses servers;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final ConcurrentHashMap<String, String> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong lastNanos = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();

  @BeforeEach
  void start() throws Exception {
    servers = new ServerProcesses(data, SERVERS);
    servers.awaitEverybody();
  }

  @AfterEach
  void stopAll() {
    isOver.set(true);
    servers.killAll();
  }

  // Killing the leader

  @Test
  void afterAKillOfTheLeaderWritesGoOnAndNoneIsLost() throws Exception {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 2 * SERVERS; i++) {
      int number = i;
      writers.add(Thread.ofVirtual().start(() -> write(number)));
    }
    List<Long> gaps = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long warm = acknowledged.size();
      ServerProcesses.await("clients write", () -> acknowledged.size() > warm + 200);
      int leader = servers.leader();
      longestNanos.set(0);
      long before = acknowledged.size();
      servers.kill(leader);
      ServerProcesses.await("writes go on", () -> acknowledged.size() > before + 500);
      gaps.add(longestNanos.get());
      servers.start(leader);
      servers.awaitEverybody();
    }
    isOver.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    requireAll();
    gaps.sort(Long::compare);
    System.out.println(
        ("%d kills of the leader, %,d acknowledged writes, none missing; without writes: median"
                + " %.0f ms, longest %.0f ms")
            .formatted(
                ROUNDS,
                acknowledged.size(),
                gaps.get(gaps.size() / 2) / 1e6,
                gaps.getLast() / 1e6));
  }

  /** Writes keys of its own until the end, at another server when one is gone. */
  private void write(int number) {
    int server = number % SERVERS;
    long written = 0;
    while (!isOver.get()) {
      try (GamutConnection connection = servers.connect(server)) {
        while (!isOver.get()) {
          String key = "w" + number + "-" + ++written;
          RespValue reply =
              connection.call("GAMUT", "AT", "linearizable", "SET", key, "v" + written);
          if (reply instanceof RespValue.Text) {
            acknowledged.put(key, "v" + written);
            onWritten(System.nanoTime());
          }
        }
      } catch (ConnectionException e) {
        server = (server + 1) % SERVERS;
        LockSupport.parkNanos(2_000_000);
      }
    }
  }

  private void onWritten(long nanos) {
    long before = lastNanos.getAndSet(nanos);
    if (before > 0) {
      longestNanos.accumulateAndGet(nanos - before, Math::max);
    }
  }

  private void requireAll() throws ConnectionException {
    for (int id = 0; id < SERVERS; id++) {
      int server = id;
      try (GamutConnection connection = servers.connect(server)) {
        var _ = connection.call("GAMUT", "AT", "linearizable", "GET", "w0-1");
        for (Map.Entry<String, String> each : acknowledged.entrySet()) {
          if (Math.floorMod(each.getKey().hashCode(), SERVERS) == server) {
            RespValue reply = connection.call("GAMUT", "AT", "sequential", "GET", each.getKey());
            assertThat(reply.toString()).as(each.getKey()).isEqualTo(each.getValue());
          }
        }
      }
    }
  }

  // Pausing the leader

  @Test
  void aLeaderThatWasPausedNeverAnswersWithWhatIsOld() throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      int paused = servers.leader();
      int other = (paused + 1) % SERVERS;
      try (GamutConnection old = servers.connect(paused);
          GamutConnection writer = servers.connect(other)) {
        assertThat(writer.call("GAMUT", "AT", "linearizable", "SET", "k", "old" + round))
            .isInstanceOf(RespValue.Text.class);
        servers.node(paused).pause();
        // Asked while it cannot answer: it finds these when it goes on.
        for (int i = 0; i < 20; i++) {
          old.send("GAMUT", "AT", "linearizable", "GET", "k");
        }
        int now = round;
        ServerProcesses.await(
            "another leads and has written",
            () -> {
              try {
                return writer.call("GAMUT", "AT", "linearizable", "SET", "k", "new" + now)
                    instanceof RespValue.Text;
              } catch (ConnectionException e) {
                return false;
              }
            });
        old.flush();
        servers.node(paused).resume();
        for (int i = 0; i < 20; i++) {
          RespValue reply = old.receive();
          if (reply instanceof RespValue.Text) {
            assertThat(reply.toString())
                .as("read %d of round %d", i, round)
                .isEqualTo("new" + round);
          }
        }
        for (int id = 0; id < SERVERS; id++) {
          try (GamutConnection any = servers.connect(id)) {
            assertThat(any.call("GAMUT", "AT", "linearizable", "GET", "k").toString())
                .isEqualTo("new" + round);
          }
        }
      }
      servers.awaitEverybody();
    }
    System.out.println("%d pauses of the leader, no stale read".formatted(ROUNDS));
  }
}
