package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.client.GamutConnection;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers of one machine are started together, also where one needs the others first. */
@Timeout(120)
final class FleetTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Behind the header of a segment, within its first batches. */
  private static final int EARLY = 4_096 + 300;

  @TempDir private Path directory = Path.of("");

  private Fleet fleet = new Fleet(Launchers.embedded(), _ -> {});

  @AfterEach
  void stop() throws Exception {
    fleet.stop();
  }

  /** The first begins the cluster, and is told of nobody. */
  private List<NodeConfig> three() throws IOException {
    List<NodeConfig> configs = new ArrayList<>();
    for (int id = 0; id < 3; id++) {
      Endpoint listen = new Endpoint("127.0.0.1", Ports.freePair("127.0.0.1"));
      NodeConfig config =
          NodeConfig.of(new NodeId(id), directory.resolve("node-" + id)).listening(listen);
      configs.add(id == 0 ? config : config.joining(configs.getFirst().listen()));
    }
    return configs;
  }

  private static String ask(RunningNode node, String... words) {
    Endpoint resp = node.respAddress();
    try (GamutConnection connection = GamutConnection.open(resp.host(), resp.port(), LIMIT)) {
      return connection.call(words).toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void awaitAnswer(Predicate<String> expected, RunningNode node, String... words) {
    long limit = System.nanoTime() + LIMIT.toNanos();
    String answer = ask(node, words);
    while (!expected.test(answer)) {
      assertThat(System.nanoTime()).as("still answered: %s", answer).isLessThan(limit);
      LockSupport.parkNanos(10_000_000);
      answer = ask(node, words);
    }
  }

  @Test
  void theFirstOneComesBackWithADamagedDisk() throws Exception {
    List<NodeConfig> configs = three();
    fleet.start(configs);
    RunningNode last = fleet.nodes().getLast();
    awaitAnswer("OK"::equals, last, "GAMUT", "AT", "linearizable", "SET", "k", "v");
    awaitAnswer(
        status -> status.contains("voters, Sequence[elements=[0, 1, 2]]"), last, "GAMUT", "STATUS");
    fleet.stop();
    Path disk = configs.getFirst().data();
    flipAByte(disk.resolve("journal"));

    fleet = new Fleet(Launchers.embedded(), _ -> {});
    fleet.start(configs);
    assertThat(fleet.nodes()).hasSize(3);
    awaitAnswer("v"::equals, fleet.nodes().getFirst(), "GAMUT", "AT", "linearizable", "GET", "k");
    try (Stream<Path> files = Files.list(disk)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("corrupt-"));
    }
  }

  private static void flipAByte(Path journal) throws IOException {
    try (Stream<Path> files = Files.list(journal)) {
      Path segment =
          files
              .filter(file -> file.toString().endsWith(".journal"))
              .sorted()
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(segment);
      bytes[EARLY] ^= 1;
      Files.write(segment, bytes);
    }
  }

  @Test
  void whatKeepsOneFromStartingIsSaidAtOnce() throws Exception {
    List<NodeConfig> configs = three();
    Files.writeString(configs.get(1).data(), "not a directory");
    assertThatThrownBy(() -> fleet.start(configs)).isInstanceOf(IOException.class);
    assertThat(fleet.nodes()).hasSize(1);
  }
}
