package io.gamut.server;

import static io.gamut.server.Nodes.GAMUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A server comes back with a copy of its disk from before what it has acknowledged. */
@Timeout(60)
final class OldDiskTest {
  @TempDir private Path directory;

  private Nodes nodes;

  @BeforeEach
  void startThree() throws Exception {
    nodes = new Nodes(directory);
    nodes.startThree();
  }

  @AfterEach
  void killAll() {
    nodes.killAll();
  }

  @Test
  void itGivesUpItsVoteAndComesBackAsANewVoter() throws Exception {
    try (Jedis client = nodes.clientOf(2)) {
      client.set("earlier", "w");
    }
    nodes.close(2);
    Path disk = directory.resolve("node-2");
    Path copy = directory.resolve("copy");
    copy(disk, copy);
    nodes.start(2);
    try (Jedis client = nodes.clientOf(2)) {
      for (int i = 0; i < 50; i++) {
        client.sendCommand(GAMUT, "AT", "linearizable", "SET", "k" + i, "v");
      }
    }
    // What it acknowledged it may have again before anybody is asked; its part in an election not.
    int leader = nodes.awaitLeader();
    int gone = leader == 2 ? 0 : leader;
    nodes.kill(gone);
    nodes.awaitLeader();
    nodes.kill(2);
    nodes.wipe(2);
    copy(copy, disk);
    Optional<Identity> before = Identity.load(disk);

    Node old = nodes.start(2);
    Throwable failure = old.terminated().get(30, TimeUnit.SECONDS);
    assertThat(failure)
        .isInstanceOf(OutdatedDiskException.class)
        .hasMessageContaining("set back to an older copy");
    nodes.kill(2);

    nodes.start(gone);
    nodes.start(2);
    assertThat(Identity.load(disk).orElseThrow().incarnation())
        .isNotEqualTo(before.orElseThrow().incarnation());
    nodes.awaitVoters(0, 1, 2);
    try (Jedis client = nodes.clientOf(2)) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.sendCommand(GAMUT, "AT", "linearizable", "GET", "k" + i))
            .isEqualTo("v".getBytes(UTF_8));
      }
      // What it wrote under as the participant that it was is closed with that one's place.
      Nodes.await(
          "its old origin is closed",
          () -> nodes.ledger(2, "closed") instanceof List<?> closed && !closed.isEmpty());
      client.set("later", "w");
    }
    try (Jedis client = nodes.clientOf(0)) {
      for (String key : List.of("earlier", "later")) {
        Nodes.await(
            key + " is absorbed",
            () ->
                client.sendCommand(GAMUT, "AT", "linearizable", "GET", key) instanceof byte[] value
                    && Arrays.equals(value, "w".getBytes(UTF_8)));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(visited).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
