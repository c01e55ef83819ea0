package io.gamut.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.NodeLauncher;
import io.gamut.cli.launch.RunningNode;
import io.gamut.cli.script.Step;
import io.gamut.core.Consistency;
import io.gamut.storage.journal.Durability;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays scripts on real servers: in this process, and in processes of their own. */
final class LabScriptsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern LINE_NUMBER = Pattern.compile("line (\\d+): .*", Pattern.DOTALL);

  @TempDir private Path data = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> messages = new ArrayList<>();

  private boolean play(NodeLauncher launcher, byte[] script) {
    return play(launcher, new ByteArrayInputStream(script));
  }

  private boolean play(NodeLauncher launcher, InputStream script) {
    Lab lab =
        new Lab(
            new LabSettings(launcher, data, Durability.INTERVAL, Consistency.SESSION),
            out,
            messages::add);
    try {
      return assertTimeoutPreemptively(LIMIT, () -> lab.play(script));
    } finally {
      lab.killAll();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = LabScriptsTest.class.getResourceAsStream("/lab/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private void requireExpectedOutput(NodeLauncher launcher, String name) throws IOException {
    boolean done = play(launcher, resource(name + ".lab"));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .as("messages: %s", messages)
        .isEqualTo(new String(resource(name + ".expected"), StandardCharsets.UTF_8));
    assertThat(done).as("messages: %s", messages).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "star",
        "ring",
        "tree",
        "line",
        "split",
        "comeback",
        "newcomer",
        "moving",
        "causes",
        "events",
        "windows",
        "strong"
      })
  void printsWhatIsExpectedWithServersInOneProcess(String name) throws Exception {
    requireExpectedOutput(Launchers.embedded(), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"comeback", "moving"})
  void printsWhatIsExpectedWithServersInProcesses(String name) throws Exception {
    requireExpectedOutput(Launchers.fleetingProcesses(data, 0), name);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {"star", "ring", "tree", "line", "split", "newcomer", "causes", "events", "strong"})
  void printsTheSameWithServersInProcesses(String name) throws Exception {
    requireExpectedOutput(Launchers.fleetingProcesses(data, 0), name);
  }

  @Test
  void reportsEachFaultWithItsLineAndGoesOn() throws Exception {
    assertThat(play(Launchers.embedded(), resource("faults.lab"))).isFalse();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(new String(resource("faults.expected"), StandardCharsets.UTF_8));
    String lines = new String(resource("faults.lines"), StandardCharsets.UTF_8).strip();
    assertThat(messages.stream().filter(message -> message.startsWith("line ")))
        .extracting(message -> LINE_NUMBER.matcher(message).replaceAll("$1"))
        .containsExactlyElementsOf(Arrays.asList(lines.split(" ", -1)));
    assertThat(messages).anyMatch(message -> message.contains("did you mean 'joinServer'?"));
  }

  @Test
  void aPausedServerIsAFaultAtOnceAndGoesOnWhenResumed() {
    boolean done =
        play(
            Launchers.fleetingProcesses(data, 0),
            ("joinServer 0\njoinServer 1\njoinClient 5 0\njoinClient 6 1\nput 5 k v\nstabilize\n"
                    + "pause 1\nget 6 k\nput 5 k w\nresume 1\nstabilize\nget 6 k\n")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(out).hasToString("k:w\n");
    assertThat(done).isFalse();
    assertThat(messages).anyMatch(message -> message.startsWith("line 8: server 1 is paused"));
  }

  @Test
  void disksAndClocksGoWrongAndRightAgain() {
    boolean done =
        play(
            Launchers.embedded(),
            ("joinServer 0\njoinClient 5 0\nput 5 k v\nfulldisk 0 on\nput 5 k w\nget 5 k\n"
                    + "fulldisk 0 off\nput 5 k w\nget 5 k\nslowdisk 0 20\nput 5 k x\nslowdisk 0 0\n"
                    + "clock 0 500\nclock 0 0\nget 5 k\nslowdisk 7 1\nclock 0 never\n")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(out).hasToString("k:v\nk:w\nk:x\n");
    assertThat(done).isFalse();
    assertThat(messages.stream().filter(message -> message.startsWith("line ")))
        .satisfiesExactly(
            full -> assertThat(full).startsWith("line 5: ").contains("nearly full"),
            nobody -> assertThat(nobody).startsWith("line 16: ERR_NOEXIST"),
            never -> assertThat(never).startsWith("line 17: a clock is ahead by"));
  }

  @Test
  void aServerThatWarmsUpServesAndLeavesNothingOfIt() throws Exception {
    byte[] bytes =
        "joinServer 0\njoinClient 1 0\nget 1 key1\nprintStore 0\n".getBytes(StandardCharsets.UTF_8);
    assertThat(play(Launchers.fleetingProcesses(data, 100), bytes)).isTrue();
    assertThat(out).hasToString("key1:ERR_KEY\n");
    assertThat(data.resolve("server-0")).isDirectory();
    assertThat(data.resolve("server-0").resolve("warm-up")).doesNotExist();
    assertThat(Files.readString(data.resolve("server-0.log")))
        .doesNotContain("without having warmed up");
  }

  @Test
  void anyBytesComeOutAsTheyWentIn() {
    byte[] script = new byte[256];
    byte[] head = "joinServer 0\njoinClient 1 0\nput 1 k ".getBytes(StandardCharsets.US_ASCII);
    byte[] tail = "\nget 1 k\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(head, 0, script, 0, head.length);
    for (int i = 0; i < 200; i++) {
      script[head.length + i] = (byte) (55 + i);
    }
    System.arraycopy(tail, 0, script, head.length + 200, tail.length);
    assertThat(play(Launchers.embedded(), Arrays.copyOf(script, head.length + 200 + tail.length)))
        .isTrue();
    byte[] expected = new byte[203];
    expected[0] = 'k';
    expected[1] = ':';
    System.arraycopy(script, head.length, expected, 2, 200);
    expected[202] = '\n';
    assertThat(out.toByteArray()).isEqualTo(expected);
  }

  @Test
  void aServerThatEndsByItselfIsReportedOnceAndCanBeStartedAgain() {
    List<RunningNode> nodes = new ArrayList<>();
    NodeLauncher remembering =
        config -> {
          RunningNode node = Launchers.fleetingProcesses(data, 0).start(config);
          nodes.add(node);
          return node;
        };
    InputStream before = script("joinServer 0\njoinClient 1 0\nput 1 k v\n");
    InputStream after = script("get 1 k\nget 1 k\nput 1 k w\njoinServer 0\nget 1 k\n");
    InputStream killing =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public synchronized int read(byte[] into, int offset, int length) {
            nodes.getLast().kill();
            return -1;
          }
        };
    InputStream all = new SequenceInputStream(new SequenceInputStream(before, killing), after);
    assertThat(play(remembering, all)).isFalse();
    assertThat(out).hasToString("k:ERR_NOCONN\nk:v\n");
    assertThat(messages)
        .filteredOn(message -> message.contains("server 0 has ended by itself"))
        .singleElement()
        .asString()
        .startsWith("line 4:")
        .contains("status 137");
  }

  /** The scripts that the repository shows say themselves what is expected of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "outage",
        "chained",
        "quorum-loss",
        "constrained-election",
        "leader-isolated",
        "rolling-restart",
        "grow-and-shrink"
      })
  void aShownScriptEndsAsItExpects(String name) throws Exception {
    byte[] script = Files.readAllBytes(Path.of("..", "docs", "lab", name + ".lab"));
    assertThat(play(Launchers.embedded(), script)).as("messages: %s", messages).isTrue();
  }

  @Test
  void aTestOfTheStoreMeasuresChecksAndSurvivesACrash() {
    boolean done =
        play(
            Launchers.embedded(),
            "addServer\naddServer\naddServer\ntestKVS:40:4:200:50:1:1:1:0\nlistServer\n"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(done).as("messages: %s", messages).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            load -> assertThat(load).matches("Load throughput = [0-9]+ ops/sec"),
            run -> assertThat(run).matches("Run throughput = [0-9]+ ops/sec"),
            first -> assertThat(first).isEqualTo("0"),
            second -> assertThat(second).isEqualTo("1"),
            third -> assertThat(third).isEqualTo("3"));
    assertThat(messages).anyMatch(message -> message.contains(" 0 requests got ERR_NOQUORUM"));
  }

  @Test
  void ofTwoServersACrashTakesTheMajorityAndTheRunSaysSo() {
    boolean done =
        play(
            Launchers.embedded(),
            "addServer\naddServer\ntestKVS:20:2:60:50:0:1:0:0\n".getBytes(StandardCharsets.UTF_8));
    assertThat(done).as("messages: %s", messages).isTrue();
    assertThat(messages)
        .anyMatch(message -> message.matches(".*, [1-9][0-9]* requests got ERR_NOQUORUM.*"));
  }

  private static InputStream script(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void longValuesAndLongStoresComeOutOnce() {
    StringBuilder script = new StringBuilder("joinServer 0\njoinClient 1 0\n");
    StringBuilder expected = new StringBuilder();
    for (int i = 1000; i < 1600; i++) {
      String pair = i + ":" + Character.toString('a' + i % 26).repeat(i == 1300 ? 300_000 : 2_000);
      script.append("put 1 ").append(pair.replace(':', ' ')).append('\n');
      expected.append(pair).append('\n');
    }
    script.append("printStore 0\nget 1 1300\nget 1 1301\n");
    String store = expected.toString();
    expected.append(store.lines().skip(300).limit(2).collect(Collectors.joining("\n", "", "\n")));
    byte[] bytes = script.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(play(Launchers.embedded(), bytes)).as("messages: %s", messages).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8).equals(expected.toString()))
        .as("the output is the expected one; it has %d bytes", out.size())
        .isTrue();
  }

  @Test
  void requestsOfAScriptGetAReportAndServers() {
    boolean done =
        play(
            Launchers.embedded(),
            "1, 1, k ::: some words\n4, 2, k\n3, 2, absent\n1, 2, k\n"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(done).as("messages: %s", messages).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(5)
        .satisfiesExactly(
            head -> assertThat(head).contains("request", "consistency", "logical clock"),
            row -> assertThat(row).contains("set", "linearizable").endsWith("stored"),
            row -> assertThat(row).contains("get", "eventual").endsWith("some words"),
            row -> assertThat(row).endsWith("ERR_KEY"),
            row -> assertThat(row).contains("linearizable").endsWith("some words"));
  }

  @Test
  void clientsThatRunAtOnceEachGetAReport() throws Exception {
    Lab lab =
        new Lab(
            new LabSettings(Launchers.embedded(), data, Durability.INTERVAL, Consistency.SESSION),
            out,
            messages::add);
    List<RequestFile> files =
        Stream.of("alice", "bob", "carol", "dan").map(LabScriptsTest::client).toList();
    try {
      assertThat(lab.playAtOnce(files, 2)).isTrue();
    } finally {
      lab.killAll();
    }
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("stored"))
        .hasSize(4);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("client 4:dan", "from carol");
  }

  /** A client that writes and reads a key of its own. */
  private static RequestFile client(String name) {
    return new RequestFile(
        name,
        List.of(
            new Step.Request(Consistency.CAUSAL, name, "from " + name),
            new Step.Request(Consistency.CAUSAL, name, null)));
  }
}
