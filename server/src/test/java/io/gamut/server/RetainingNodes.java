package io.gamut.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;

/** Nodes of one cluster in this process that keep so little journal that snapshots are needed. */
final class RetainingNodes {
  static final ProtocolCommand GAMUT = () -> "GAMUT".getBytes(UTF_8);
  private static final Retention LITTLE = new Retention(256 << 10, 256 << 10);
  private static final long LIMIT_NANOS = 40_000_000_000L;

  private final Path root;
  private final TreeMap<Integer, Node> running = new TreeMap<>();
  private final TreeMap<Integer, Endpoint> addresses = new TreeMap<>();

  RetainingNodes(Path root) {
    this.root = root;
  }

  /** Starts a node, or starts it again where it was. */
  void start(int id) throws Exception {
    NodeConfig config =
        NodeConfig.of(new NodeId(id), directory(id)).withLab().with(LITTLE).at(Consistency.SESSION);
    Endpoint before = addresses.get(id);
    if (before != null) {
      config = config.listening(before);
    } else if (!running.isEmpty()) {
      config = config.joining(running.firstEntry().getValue().overlayAddress());
    }
    Node node = Node.start(config);
    running.put(id, node);
    addresses.put(id, node.overlayAddress());
  }

  /** Three nodes, all of them voters. */
  void startThree() throws Exception {
    for (int id = 0; id < 3; id++) {
      start(id);
    }
    for (int id = 0; id < 3; id++) {
      awaitVoters(id, 3);
    }
  }

  void awaitVoters(int id, int count) {
    await(
        count + " voters at " + id,
        () -> ledger(id, "voters") instanceof List<?> voters && voters.size() == count);
  }

  Path directory(int id) {
    return root.resolve("node-" + id);
  }

  void kill(int id) {
    Objects.requireNonNull(running.remove(id)).kill();
  }

  void close(int id) throws IOException {
    Objects.requireNonNull(running.remove(id)).close();
  }

  void killAll() {
    running.values().forEach(Node::kill);
  }

  Jedis client(int id) {
    Endpoint address = Objects.requireNonNull(running.get(id)).respAddress();
    return new Jedis(address.host(), address.port(), 30_000);
  }

  /** The node that leads, as most say. */
  int leader() {
    int[] found = {-1};
    await(
        "somebody leads",
        () -> {
          int any = running.firstKey();
          found[0] = ledger(any, "leader") instanceof Long leader ? leader.intValue() : -1;
          return running.containsKey(found[0]);
        });
    return found[0];
  }

  /** One that does not lead. */
  int follower() {
    int leader = leader();
    return running.keySet().stream().filter(id -> id != leader).findAny().orElseThrow();
  }

  long applied(int id) {
    return (long) Objects.requireNonNull(ledger(id, "applied"));
  }

  private @Nullable Object ledger(int id, String name) {
    try (Jedis client = client(id)) {
      List<?> status = (List<?>) client.sendCommand(GAMUT, "STATUS");
      return find((List<?>) Objects.requireNonNull(find(status, "ledger")), name);
    }
  }

  private static @Nullable Object find(List<?> flatMap, String name) {
    for (int i = 0; i < flatMap.size(); i += 2) {
      if (new String((byte[]) flatMap.get(i), UTF_8).equals(name)) {
        return flatMap.get(i + 1);
      }
    }
    throw new AssertionError("no " + name);
  }

  /** Waits until a node has applied what another one has by now. */
  void awaitCaughtUp(int id, int with) {
    long index = applied(with);
    await(id + " has applied " + index, () -> applied(id) >= index);
  }

  void delay(int at, int to, int millis) {
    try (Jedis client = client(at)) {
      client.sendCommand(GAMUT, "LINK", "DELAY", "" + to, "" + millis);
    }
  }

  /** Cuts a node off from all others, or ends that. */
  void cutOff(int id, boolean isCut) {
    try (Jedis client = client(id)) {
      for (int other : running.keySet()) {
        if (other != id) {
          client.sendCommand(GAMUT, "LINK", isCut ? "CUT" : "HEAL", "" + other);
        }
      }
    }
  }

  /** The directories and files with committed state that a node has. */
  List<String> states(int id) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory(id))) {
      files.map(file -> file.getFileName().toString()).forEach(names::add);
    }
    names.removeIf(name -> !name.startsWith("committed") && !name.startsWith("outgoing"));
    names.sort(null);
    return names;
  }

  /** Waits until part of a snapshot is on a node's disk. */
  void awaitPart(int id, int number) {
    Path part = directory(id).resolve("committed-" + number);
    await("a part of a snapshot at " + id, () -> Files.exists(part));
  }

  static void await(String what, BooleanSupplier condition) {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(limit);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
