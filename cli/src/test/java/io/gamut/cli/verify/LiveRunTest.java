package io.gamut.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.trial.fault.FaultKind;
import io.gamut.trial.workload.Workloads;
import io.gamut.verify.file.HistoryReader;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * Every workload on servers in processes of their own, with some faults, and every judge agrees.
 * {@code -Dgamut.seconds=60 -Dgamut.seed=7} takes longer, and has others.
 */
final class LiveRunTest {
  private static final int SECONDS = Integer.getInteger("gamut.seconds", 6);
  private static final long SEED = Long.getLong("gamut.seed", 1);

  @TempDir private Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    return new CommandLine(new VerifyCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }

  @Test
  void everyPromiseIsKeptThroughFaults() throws IOException {
    Path run = directory.resolve("run");
    int status =
        run(
            "--duration=" + SECONDS + "s",
            "--fault-period=2s",
            "--faults=isolate,one-way,delay,kill,pause,full-disk",
            "--seed=" + SEED,
            "--directory=" + run);
    assertThat(status).as("%s%n%s", err, out).isZero();
    History history = read(run.resolve("history.jsonl"));
    assertThat(history.ends()).hasSize(3);
    assertThat(history.requests().stream().filter(Request::isOk).count()).isGreaterThan(200);
    assertThat(history.requests()).anyMatch(request -> request.steps().size() > 1);
    Set<String> events = history.events().stream().map(Event::name).collect(Collectors.toSet());
    assertThat(events).containsAnyOf("isolate", "one-way", "delay").contains("heal");
    assertThat(events).containsAnyOf("kill", "pause", "full-disk");
    assertThat(Files.readString(run.resolve("report.html"))).contains("no promise was broken");
    long lost = history.requests().stream().filter(each -> each.outcome() != Outcome.OK).count();
    System.out.printf("%,d requests, %,d refused or lost%n", history.requests().size(), lost);
  }

  private static History read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return HistoryReader.read(in).history();
    }
  }

  // Without a cluster

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| either --duration TIME, to try a cluster, or --history FILE",
        "--duration 5 | a time is 500ms, 60s, 5m or 1h, not '5'",
        "--duration 0s | --duration is longer than nothing",
        "--duration 5s --servers 0 | --servers is 1 to 16, not 0",
        "--duration 5s --faults lightning | no fault is called 'lightning'; there are: all, none",
        "--duration 5s --workload banks | no workload is called 'banks'; there are: mixed",
        "--duration 5s --key-choice hot | keys are uniform, zipfian or latest, not hot",
        "--duration 5s --rate -1 | --rate is 0, or 0.1 or more, not -1.0",
        "--duration 9999999h | --duration is at most 168h",
        "--duration 5s --faults none,kill | --faults is none, or names kinds, not both",
        "--duration 5s --servers 2 --server h:1 | --servers says nothing with --server",
        "--duration 5s --format edn | --format says nothing with --duration",
        "--history h --seed 5 | --seed says nothing without --duration",
        "--history h --export e --report r | --report says nothing where nothing is judged",
        "--duration 5s --server nowhere | nowhere",
        "--duration 5s --history h | either --duration TIME"
      })
  void whatIsWrongIsSaid(String words, String message) {
    int status = run(words == null ? new String[0] : words.split(" ", -1));
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  /** It would be a run that shows nothing, and says that all is well. */
  @Test
  void aRunWithoutAnAnswerOrAFaultDoesNotCount() {
    Path run = directory.resolve("run");
    int status =
        run(
            "--duration=1ms",
            "--servers=1",
            "--faults=kill",
            "--workload=registers",
            "--directory=" + run);
    assertThat(status).as("%s%n%s", err, out).isEqualTo(3);
    assertThat(out.toString()).contains("no fault came to be");
  }

  @Test
  void faultsThatThisClusterCannotHaveAreSaid() {
    Path run = directory.resolve("run");
    assertThat(run("--duration=1s", "--servers=1", "--faults=links", "--directory=" + run))
        .isEqualTo(2);
    assertThat(err.toString()).contains("not possible with this cluster: isolate");
  }

  /** Players that wait for their turn do not hold up the end. */
  @Test
  void aSlowPaceEndsInTime() throws IOException {
    Path run = directory.resolve("run");
    long begun = System.nanoTime();
    int status =
        run(
            "--duration=1s",
            "--servers=1",
            "--faults=none",
            "--rate=0.2",
            "--workload=registers",
            "--sessions=10",
            "--directory=" + run);
    assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(30));
    assertThat(status).as("%s%n%s", err, out).isZero();
    assertThat(read(run.resolve("history.jsonl")).requests()).hasSizeBetween(1, 12);
  }

  @Test
  void aDirectoryThatIsThereIsLeftAlone() throws IOException {
    Path there = Files.createDirectory(directory.resolve("there"));
    assertThat(run("--duration=1s", "--directory=" + there)).isEqualTo(2);
    assertThat(err.toString()).contains("is there already");
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void aClusterThatIsNotThereIsSaid() {
    Path run = directory.resolve("run");
    assertThat(run("--duration=1s", "--server=127.0.0.1:1", "--directory=" + run)).isEqualTo(2);
    assertThat(err.toString()).contains("no connection to 127.0.0.1:1");
  }

  @Test
  void theHelpNamesEveryWorkloadAndEveryFault() {
    assertThat(run("--help")).isZero();
    String help = out.toString().replaceAll("\\s+", " ");
    List<String> names = new ArrayList<>();
    Stream.of(Workloads.values()).map(Workloads::title).forEach(names::add);
    Stream.of(FaultKind.values()).map(FaultKind::title).forEach(names::add);
    assertThat(help).contains(names);
  }

  @Test
  void thePageNamesEveryWorkloadAndEveryFault() throws IOException {
    Path page = Path.of("..", "docs", "verify.md");
    String text = Files.readString(page);
    Stream.of(Workloads.values()).forEach(each -> assertThat(text).contains("`" + each.title()));
    Stream.of(FaultKind.values()).forEach(each -> assertThat(text).contains("`" + each.title()));
  }
}
