package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Servers of one cluster, each in a process of its own, whose links can be cut. */
final class ServerProcesses {
  private static final Duration REPLY_MAX = Duration.ofSeconds(10);
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path data;
  private final int count;
  private final TreeMap<Integer, NodeConfig> configs = new TreeMap<>();
  private final ConcurrentHashMap<Integer, RunningNode> running = new ConcurrentHashMap<>();

  /** Where a server is, or was. */
  private final ConcurrentHashMap<Integer, Endpoint> resps = new ConcurrentHashMap<>();

  /** Starts them; they may not have met yet when this returns. */
  ServerProcesses(Path data, int count) throws IOException, InterruptedException {
    this.data = data;
    this.count = count;
    for (int id = 0; id < count; id++) {
      NodeConfig plain = NodeConfig.of(new NodeId(id), data.resolve("node-" + id)).withLab();
      int port = Ports.freePair("127.0.0.1");
      NodeConfig config = plain.listening(new Endpoint("127.0.0.1", port));
      configs.put(id, id == 0 ? config : config.joining(config(0).listen()));
      start(id);
    }
  }

  /** Starts one, or starts it again. */
  void start(int id) throws IOException, InterruptedException {
    RunningNode node = Launchers.fleetingProcesses(data, 0).start(config(id));
    resps.put(id, node.respAddress());
    running.put(id, node);
  }

  private NodeConfig config(int id) {
    return Objects.requireNonNull(configs.get(id));
  }

  int count() {
    return count;
  }

  RunningNode node(int id) {
    return Objects.requireNonNull(running.get(id));
  }

  void kill(int id) {
    node(id).kill();
    running.remove(id);
  }

  void killAll() {
    running.values().forEach(RunningNode::kill);
  }

  GamutConnection connect(int id) throws ConnectionException {
    Endpoint resp = Objects.requireNonNull(resps.get(id));
    return GamutConnection.open(resp.host(), resp.port(), REPLY_MAX);
  }

  /** Cuts or heals, at both ends, all links between these and the others. */
  void link(String verb, List<Integer> side) throws ConnectionException {
    List<GamutConnection> asked = new ArrayList<>();
    try {
      // All are asked before any answer is awaited: a healed end waits for the other one.
      for (int id = 0; id < count; id++) {
        for (int other = 0; other < count; other++) {
          if (side.contains(id) != side.contains(other)) {
            GamutConnection connection = connect(id);
            asked.add(connection);
            connection.send("GAMUT", "LINK", verb, "" + other);
            connection.flush();
          }
        }
      }
      for (GamutConnection connection : asked) {
        assertThat(connection.receive()).hasToString("OK");
      }
    } finally {
      asked.forEach(GamutConnection::close);
    }
  }

  /** Lets what two servers send each other over their own link take longer. */
  void delay(int one, int other, int millis) throws ConnectionException {
    try (GamutConnection here = connect(one);
        GamutConnection there = connect(other)) {
      assertThat(here.call("GAMUT", "LINK", "DELAY", "" + other, "" + millis)).hasToString("OK");
      assertThat(there.call("GAMUT", "LINK", "DELAY", "" + one, "" + millis)).hasToString("OK");
    }
  }

  // What servers say

  /** What a server says of the ledger; empty when it says nothing. */
  private Map<String, RespValue> ledger(int id) {
    Map<String, RespValue> ledger = new TreeMap<>();
    try (GamutConnection connection = connect(id)) {
      List<RespValue> status = ((RespValue.Sequence) connection.call("GAMUT", "STATUS")).elements();
      for (int i = 0; i + 1 < status.size(); i += 2) {
        if (status.get(i).toString().equals("ledger")) {
          List<RespValue> parts = ((RespValue.Sequence) status.get(i + 1)).elements();
          for (int j = 0; j + 1 < parts.size(); j += 2) {
            ledger.put(parts.get(j).toString(), parts.get(j + 1));
          }
        }
      }
    } catch (ConnectionException e) {
      ledger.clear();
    }
    return ledger;
  }

  static void await(String what, BooleanSupplier condition) {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(limit);
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Waits until all vote, and all have applied about as much. */
  void awaitEverybody() {
    await(
        "all vote and have caught up",
        () -> {
          List<Long> applied = new ArrayList<>();
          for (int id = 0; id < count; id++) {
            Map<String, RespValue> ledger = ledger(id);
            boolean votes =
                ledger.get("voters") instanceof RespValue.Sequence(List<RespValue> voters)
                    && voters.size() == count;
            boolean isLed = ledger.get("leader") instanceof RespValue.Whole;
            if (!votes
                || !isLed
                || !(ledger.get("applied") instanceof RespValue.Whole(long index))) {
              return false;
            }
            applied.add(index);
          }
          return applied.stream().mapToLong(Long::longValue).max().orElse(0)
                  - applied.stream().mapToLong(Long::longValue).min().orElse(0)
              < 5_000;
        });
  }

  int leader() {
    int[] leader = {-1};
    await(
        "a server says that it leads",
        () -> {
          for (int id : running.keySet()) {
            if (ledger(id).get("leader") instanceof RespValue.Whole(long led) && led == id) {
              leader[0] = id;
            }
          }
          return leader[0] >= 0;
        });
    return leader[0];
  }
}
