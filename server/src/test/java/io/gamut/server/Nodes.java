package io.gamut.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;

/** Nodes of one cluster in this process, over real sockets and files. */
final class Nodes {
  static final ProtocolCommand GAMUT = () -> "GAMUT".getBytes(StandardCharsets.US_ASCII);
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private final Path directory;
  private final TreeMap<Integer, Node> running = new TreeMap<>();
  private final TreeMap<Integer, Endpoint> addresses = new TreeMap<>();

  Nodes(Path directory) {
    this.directory = directory;
  }

  /** Starts a node, or starts it again where it was. */
  Node start(int id) throws Exception {
    return adopt(id, Node.start(configWithContact(id)));
  }

  /** Starts one that is told of no other. */
  Node startWithoutContact(int id) throws Exception {
    return adopt(id, Node.start(config(id)));
  }

  /** Begins to start one that may have to wait; it is to be adopted then. */
  CompletableFuture<Node> startLater(int id) {
    NodeConfig config = configWithContact(id);
    CompletableFuture<Node> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            started.complete(Node.start(config));
          } catch (IOException | InterruptedException e) {
            started.completeExceptionally(e);
          }
        });
    return started;
  }

  /** Takes in one that was started. */
  Node adopt(int id, Node node) {
    running.put(id, node);
    addresses.put(id, node.overlayAddress());
    return node;
  }

  private NodeConfig configWithContact(int id) {
    NodeConfig config = config(id);
    return running.isEmpty()
        ? config
        : config.joining(running.firstEntry().getValue().overlayAddress());
  }

  private NodeConfig config(int id) {
    NodeConfig config =
        NodeConfig.of(new NodeId(id), directory(id)).toBuilder()
            .memcached(new Endpoint("127.0.0.1", 0))
            .build()
            .withLab()
            .at(Consistency.SESSION);
    Endpoint before = addresses.get(id);
    return before == null ? config : config.listening(before);
  }

  /** Three nodes, all of them voters. */
  void startThree() throws Exception {
    for (int id = 0; id < 3; id++) {
      start(id);
    }
    awaitVoters(0, 1, 2);
  }

  private Path directory(int id) {
    return directory.resolve("node-" + id);
  }

  Jedis clientOf(int id) {
    return client(Objects.requireNonNull(running.get(id)));
  }

  /** Where RESP clients reach one. */
  Endpoint respAddress(int id) {
    return Objects.requireNonNull(running.get(id)).respAddress();
  }

  /** Where memcached's clients reach one. */
  Endpoint memcachedAddress(int id) {
    return Objects.requireNonNull(running.get(id)).memcachedAddress().orElseThrow();
  }

  /** Where nodes reach those that run. */
  List<Endpoint> overlayAddresses() {
    return running.values().stream().map(Node::overlayAddress).toList();
  }

  /** Stops one as a crash does. */
  void kill(int id) {
    Objects.requireNonNull(running.remove(id)).kill();
  }

  void close(int id) throws IOException {
    Objects.requireNonNull(running.remove(id)).close();
  }

  /** Removes the disk of one that does not run. */
  void wipe(int id) throws IOException {
    try (Stream<Path> files = Files.walk(directory(id))) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  void killAll() {
    running.values().forEach(Node::kill);
  }

  static Jedis client(Node node) {
    return new Jedis(node.respAddress().host(), node.respAddress().port(), 30_000);
  }

  /** What a node says of the ledger under a name. */
  @Nullable Object ledger(int id, String name) {
    try (Jedis client = clientOf(id)) {
      List<?> status = (List<?>) client.sendCommand(GAMUT, "STATUS");
      return find(status, "ledger") instanceof List<?> ledger ? find(ledger, name) : null;
    }
  }

  /** With which disks the voters take part, as a node knows it. */
  List<String> voterDisks(int id) {
    return ledger(id, "disks") instanceof List<?> disks
        ? disks.stream().map(disk -> new String((byte[]) disk, StandardCharsets.UTF_8)).toList()
        : List.of();
  }

  private static @Nullable Object find(List<?> flatMap, String name) {
    for (int i = 0; i < flatMap.size(); i += 2) {
      if (new String((byte[]) flatMap.get(i), StandardCharsets.UTF_8).equals(name)) {
        return flatMap.get(i + 1);
      }
    }
    throw new AssertionError("no " + name + " among " + flatMap);
  }

  /** Waits until these are the voters, as all of them know it. */
  void awaitVoters(Integer... ids) {
    List<Long> expected = Stream.of(ids).map(Integer::longValue).toList();
    for (int id : ids) {
      await("voters at " + id + " are " + expected, () -> expected.equals(ledger(id, "voters")));
    }
  }

  /** Waits until somebody leads, and says who. */
  int awaitLeader() {
    int[] found = {-1};
    await(
        "somebody leads",
        () -> {
          for (int id : running.keySet()) {
            if (ledger(id, "leader") instanceof Long leader
                && running.containsKey(leader.intValue())) {
              found[0] = leader.intValue();
              return true;
            }
          }
          return false;
        });
    return found[0];
  }

  static void await(String what, BooleanSupplier condition) {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(limit);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
