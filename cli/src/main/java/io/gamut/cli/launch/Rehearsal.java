package io.gamut.cli.launch;

import io.gamut.client.GamutConnection;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.storage.journal.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Exercises the code of a server before it serves: two throwaway servers in this process, with
 * ports and disks of their own, take weak and strong requests and pass them on to each other. The
 * JVM then has the code loaded, and much of it compiled, when the first real request comes.
 */
public final class Rehearsal {
  private static final Duration REPLY_MAX = Duration.ofSeconds(10);
  private static final int KEYS = 64;

  private Rehearsal() {}

  /**
   * Rehearses.
   *
   * @param scratch a directory that does not exist yet; it is left for the caller to remove
   * @param durability of the writes: each kind takes ways of its own
   * @param time for the requests; starting and stopping comes on top
   */
  public static void run(Path scratch, Durability durability, Duration time)
      throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    NodeConfig first = config(0, scratch, durability);
    try (Node one = Node.start(first);
        Node other = Node.start(config(1, scratch, durability).joining(one.overlayAddress()));
        GamutConnection toOne = connect(one);
        GamutConnection toOther = connect(other)) {
      play(List.of(toOne, toOther), System.nanoTime() + time.toNanos());
    }
  }

  private static NodeConfig config(int id, Path scratch, Durability durability) {
    return NodeConfig.of(new NodeId(id), scratch.resolve("node-" + id)).with(durability);
  }

  private static GamutConnection connect(Node node) throws IOException {
    Endpoint resp = node.respAddress();
    return GamutConnection.open(resp.host(), resp.port(), REPLY_MAX);
  }

  private static void play(List<GamutConnection> connections, long endNanos) throws IOException {
    for (int round = 0; System.nanoTime() - endNanos < 0; round++) {
      GamutConnection connection = connections.get(round % connections.size());
      require(connection.call("SET", key(round), "the value of round " + round));
      require(connection.call("GET", key(round + KEYS / 2)));
      require(connection.call("GAMUT", "AT", "linearizable", "SET", key(round), "another value"));
      require(connection.call("GAMUT", "AT", "linearizable", "GET", key(round + KEYS / 2)));
    }
  }

  private static String key(int round) {
    return "key" + round % KEYS;
  }

  private static void require(RespValue reply) throws IOException {
    if (reply instanceof RespValue.Failure failure) {
      throw new IOException(failure.message());
    }
  }
}
