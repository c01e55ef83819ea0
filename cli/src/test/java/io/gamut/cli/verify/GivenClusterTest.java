package io.gamut.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.cli.UpProcess;
import io.gamut.verify.file.HistoryReader;
import io.gamut.verify.history.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code gamut verify --server}: of a cluster that {@code gamut up} has started as users do. */
final class GivenClusterTest {
  @TempDir private Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int verify(UpProcess up, int servers, String... more) {
    List<String> addresses = new ArrayList<>();
    for (int server = 0; server < servers; server++) {
      addresses.add("127.0.0.1:" + up.port(7379 + server));
    }
    List<String> words = new ArrayList<>(List.of(more));
    words.add("--server=" + String.join(",", addresses));
    words.add("--directory=" + directory.resolve("run-" + servers + "-" + more.length));
    return new CommandLine(new VerifyCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }

  @Test
  void serversInProcessesOfTheirOwnAreKilledAndPausedAndComeBack()
      throws IOException, InterruptedException {
    UpProcess up = UpProcess.start(directory, "--separate", "--lab");
    try {
      String[] run = {
        "--duration=8s", "--faults=kill,pause,isolate", "--fault-period=2s", "--seed=4"
      };
      assertThat(verify(up, 3, run)).as("%s%n%s", err, out).isZero();
      Path history = directory.resolve("run-3-4").resolve("history.jsonl");
      try (InputStream in = Files.newInputStream(history)) {
        assertThat(HistoryReader.read(in).history().events())
            .extracting(Event::name)
            .contains("kill", "restart", "pause", "resume", "isolate", "heal");
      }
    } finally {
      up.stop();
    }
  }

  @Test
  void whatIsNotPossibleWithThemIsSaid() throws IOException, InterruptedException {
    UpProcess up = UpProcess.start(directory);
    try {
      assertThat(verify(up, 2, "--duration=1s")).isEqualTo(2);
      assertThat(err.toString()).contains("the cluster has other servers too, name them all: [2]");
      assertThat(verify(up, 3, "--duration=1s", "--faults=kill")).isEqualTo(2);
      assertThat(err.toString()).contains("not possible with this cluster: kill");
      assertThat(verify(up, 3, "--duration=1s", "--faults=delay", "--seed=1")).isEqualTo(2);
      assertThat(err.toString()).contains("delay; it is no --lab");
      int status = verify(up, 3, "--duration=1s", "--faults=none", "--seed=1", "--sessions=1");
      assertThat(status).as("%s%n%s", err, out).isZero();
    } finally {
      up.stop();
    }
  }
}
