package io.gamut.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import io.gamut.server.DiskGuard.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** A server whose disk runs full says so, and goes on when there is space again. */
@Timeout(60)
final class DiskGuardTest {
  @TempDir private Path directory;
  private final List<Space> heard = new ArrayList<>();
  private long free;

  @Test
  void changesAreToldAndShortageAsLongAsItLasts() {
    try (DiskGuard guard = new DiskGuard(directory, 1_000, () -> free, heard::add)) {
      look(guard, 5_000, 1_000, 999, 999, 499, 500, 1_099, 1_100, 1_000);
    }
    assertThat(heard)
        .containsExactly(
            Space.SHORT, Space.SHORT, Space.GONE, Space.SHORT, Space.SHORT, Space.AMPLE);
  }

  @Test
  void aDiskThatDoesNotSayChangesNothing() {
    DiskGuard.FreeSpace unreadable =
        () -> {
          throw new IOException("no answer");
        };
    try (DiskGuard guard = new DiskGuard(directory, 1_000, unreadable, heard::add)) {
      guard.look();
    }
    assertThat(heard).isEmpty();
  }

  private void look(DiskGuard guard, long... bytes) {
    for (long each : bytes) {
      free = each;
      guard.look();
    }
  }

  @Test
  void withoutRoomWritesAreRefusedAndReadsAreNot() throws Exception {
    NodeConfig plain = NodeConfig.of(new NodeId(0), directory.resolve("node"));
    try (Node node = Node.start(plain);
        Jedis client = Nodes.client(node)) {
      client.set("k", "v");
    }
    NodeConfig short_ = plain.toBuilder().diskReserveBytes(Long.MAX_VALUE / 1_000).build();
    try (Node node = Node.start(short_);
        Jedis client = Nodes.client(node)) {
      Nodes.await("it has looked at its disk", () -> isRefused(client));
      assertThatThrownBy(
              () -> client.sendCommand(Nodes.GAMUT, "AT", "linearizable", "SET", "k", "w"))
          .hasMessageStartingWith("BUSY the disk of this server is nearly full");
      assertThat(client.get("k")).isEqualTo("v");
      assertThat(client.sendCommand(Nodes.GAMUT, "AT", "linearizable", "GET", "k"))
          .isEqualTo("v".getBytes(UTF_8));
    }
  }

  private static boolean isRefused(Jedis client) {
    try {
      client.set("other", "v");
      return false;
    } catch (JedisDataException e) {
      return String.valueOf(e.getMessage())
          .startsWith("BUSY the disk of this server is nearly full");
    }
  }
}
