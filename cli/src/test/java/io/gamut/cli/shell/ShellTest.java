package io.gamut.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.cli.data.ClientOptions;
import io.gamut.cli.lab.Lab;
import io.gamut.cli.lab.LabSettings;
import io.gamut.cli.launch.Launchers;
import io.gamut.core.Consistency;
import io.gamut.storage.journal.Durability;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that come through a pipe, to two real servers. */
final class ShellTest {
  @TempDir private Path directory = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> messages = new ArrayList<>();
  private final Console console = new Console(out, messages::add);
  private @Nullable Servers started;

  @BeforeEach
  void start() throws Exception {
    started = new Servers(directory, 2);
  }

  @AfterEach
  void stop() {
    servers().close();
  }

  private Servers servers() {
    return Objects.requireNonNull(started);
  }

  /** Plays lines; whether each could be done. */
  private boolean play(ClientOptions options, String... lines) throws Exception {
    out.reset();
    messages.clear();
    try (Shell shell = Shell.connected(options, console, null)) {
      return play(shell, lines);
    }
  }

  private boolean play(String... lines) throws Exception {
    return play(servers().options(), lines);
  }

  private static boolean play(Shell shell, String... lines) throws Exception {
    byte[] script = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return new PipedLines(new ByteArrayInputStream(script)).play(shell);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void dataCommandsPrintWhatTheyPrintAlone() throws Exception {
    boolean done =
        play(
            "# a comment",
            "put greeting hello",
            "get greeting",
            "put b 1 --if-absent",
            "incr b 4",
            "incr b -- -2",
            "cas b --value 3 four",
            "get greeting b",
            "scan --prefix g",
            "del greeting b",
            "exit",
            "never reached");
    assertThat(messages).isEmpty();
    assertThat(done).isTrue();
    assertThat(printed()).isEqualTo("hello\n5\n3\nhello\nfour\ngreeting\n2\n");
  }

  @Test
  void aKeyIsExplainedWithinTheSession() throws Exception {
    assertThat(play("put k v @causal", "get k @causal", "explain k", "history k @session"))
        .isTrue();
    assertThat(messages).isEmpty();
    assertThat(printed().lines())
        .anySatisfy(line ->
            assertThat(line).startsWith("The session's last command: level=causal replica="))
        .anySatisfy(line -> assertThat(line).startsWith("linearizable  "))
        .anySatisfy(line -> assertThat(line).contains("Z  v ", "weak"));
  }

  @Test
  void keysAndValuesAreAnyBytes() throws Exception {
    assertThat(play("put \"\\x00\\xff k\" \"a\\nb\\xfe\"", "get \"\\x00\\xff k\"", "put ü ß"))
        .isTrue();
    assertThat(out.toByteArray()).isEqualTo(new byte[] {'a', '\n', 'b', (byte) 0xfe, '\n'});
    assertThat(play("get ü", "output json", "get \"\\x00\\xff k\"", "output table", "scan"))
        .isTrue();
    assertThat(printed())
        .startsWith("ß\n{\"keyBase64\":\"AP8gaw==\",\"valueBase64\":\"YQpi/g==\",\"level\"");
  }

  @Test
  void aLevelStandsBehindACommandOrForAll() throws Exception {
    boolean done =
        play(
            "level",
            "put k v @causal",
            "receipt",
            "level bounded:700",
            "level",
            "level session",
            "put k @eventual",
            "get k",
            "receipt",
            "get k --level linearizable",
            "receipt on",
            "get k \"@causal\"");
    assertThat(done).as("the key @causal is not there").isFalse();
    assertThat(printed().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("linearizable"),
            line -> assertThat(line).matches("level=causal replica=\\d version=.* state=.*"),
            line -> assertThat(line).isEqualTo("bounded:700"),
            line -> assertThat(line).isEqualTo("@eventual"),
            line -> assertThat(line).startsWith("level=session "),
            line -> assertThat(line).isEqualTo("@eventual"),
            line -> assertThat(line).isEqualTo("@eventual"));
    assertThat(messages)
        .satisfiesExactly(
            line -> assertThat(line).contains("@causal: ERR_KEY"),
            line -> assertThat(line).startsWith("level=session "));
  }

  @Test
  void badInputIsSaidWithASuggestionAndTheNextLineIsDone() throws Exception {
    boolean done =
        play(
            "gett k",
            "level cusal",
            "get k @evential",
            "scan --vlues",
            "put k",
            "put k \"open",
            "output jsn",
            "level a b",
            "get absent",
            "connect 7",
            "history",
            "put k v");
    assertThat(done).isFalse();
    assertThat(messages)
        .satisfiesExactly(
            line -> assertThat(line).contains("'gett'", "did you mean 'get'?"),
            line -> assertThat(line).contains("'cusal'", "did you mean 'causal'?"),
            line -> assertThat(line).contains("'evential'", "did you mean 'eventual'?"),
            line -> assertThat(line).contains("--vlues", "did you mean '--values'?"),
            line -> assertThat(line).contains("a value is missing"),
            line -> assertThat(line).contains("a quote is not closed"),
            line -> assertThat(line).contains("did you mean 'json'?"),
            line -> assertThat(line).contains("level [LEVEL]"),
            line -> assertThat(line).contains("absent: ERR_KEY"),
            line -> assertThat(line).contains("no server 7", "[0, 1]"),
            line -> assertThat(line).contains("for terminals"));
    assertThat(play("get k")).isTrue();
    assertThat(printed()).isEqualTo("v\n");
  }

  @Test
  void theSessionGoesAlongToAServerThatLacksWhatItWrote() throws Exception {
    String first = servers().resp(0).toString();
    String second = servers().resp(1).toString();
    String both = servers().addresses();
    boolean done =
        play(
            "level session",
            "breakConnection 0 1",
            "connect " + first,
            "put k v",
            "connect " + second,
            "get k",
            "connect " + both,
            "heal",
            "connect " + second,
            "get k");
    assertThat(done).isFalse();
    assertThat(messages).singleElement().asString().contains("get: ", "ERR_DEP");
    assertThat(printed()).isEqualTo("v\n");
  }

  @Test
  void aSessionIsPassedOnAsAToken() throws Exception {
    assertThat(play("session", "put k v @causal", "session")).isTrue();
    List<String> tokens = printed().lines().toList();
    assertThat(tokens.getFirst()).startsWith("(new");
    String token = tokens.getLast();
    assertThat(play("session " + token, "get k @causal", "session new", "session")).isTrue();
    assertThat(printed()).startsWith("v\n(new");
    assertThat(play("session no.token")).isFalse();
  }

  @Test
  void linksOfServersThatOthersStartedAreBrokenAndMended() throws Exception {
    boolean done =
        play(
            "joinClient 5 0",
            "joinClient 6 1",
            "stabilize",
            "breakConnection 0 1",
            "put 5 k left",
            "get 6 k",
            "get 5 k @eventual",
            "heal",
            "stabilize",
            "get 6 k",
            "expect k:left",
            "printStore 1",
            "partition 0 1",
            "createConnection 0 1",
            "delay 0 1 1",
            "slowdisk 0 1",
            "slowdisk 0 0",
            "fulldisk 1 on",
            "fulldisk 1 off",
            "clock 0 100",
            "clock 0 0",
            "listServer",
            "leader");
    assertThat(messages).isEmpty();
    assertThat(done).isTrue();
    assertThat(printed()).startsWith("k:ERR_KEY\nk:left\nk:left\nk:left\n0\n1\n");
  }

  @Test
  void aLinkThatAnotherShellCutIsMended() throws Exception {
    assertThat(play("breakConnection 0 1")).isTrue();
    assertThat(play("heal", "put k v @eventual", "stabilize", "printStore 1", "status")).isTrue();
    assertThat(printed()).startsWith("k:v\nserver 0 at ").contains("linked with 1, voters 0");
  }

  @Test
  void processesOfOthersAreLeftAlone() throws Exception {
    for (String line :
        List.of("killServer 0", "shutdownServer:1", "pause 0", "resume 0", "joinServer 2")) {
      assertThat(play(line)).isFalse();
      assertThat(messages).singleElement().asString().contains("started elsewhere");
    }
    assertThat(play("breakConnection 0 9")).isFalse();
    assertThat(messages).singleElement().asString().contains("server 9", "that were named");
    assertThat(play("put k v", "get k")).isTrue();
  }

  @Test
  void aServerThatIsGoneIsSaidSo() throws Exception {
    servers().kill(1);
    assertThat(play("status")).isFalse();
    assertThat(printed()).startsWith("server 0 at ");
    assertThat(messages).singleElement().asString().contains("no connection to");
    assertThat(play("breakConnection 0 1")).isFalse();
  }

  @Test
  void aLabOfItsOwnTakesTheLabsCommandsAndTheShells() throws Exception {
    LabSettings settings =
        new LabSettings(
            Launchers.embedded(),
            directory.resolve("lab"),
            Durability.INTERVAL,
            Consistency.LINEARIZABLE);
    Lab lab = new Lab(settings, out, messages::add);
    try (Shell shell = Shell.ofLab(lab, servers().options(), console, null)) {
      assertThat(play(shell, "put k v")).isFalse();
      assertThat(messages).singleElement().asString().contains("connected to no server");
      assertThat(shell.prompt()).isEqualTo("lab linearizable> ");
      messages.clear();
      boolean done =
          play(
              shell,
              "joinServer 0",
              "addServer",
              "put mine 1",
              "joinClient 5 1",
              "get 5 mine @linearizable",
              "get \"5\"",
              "breakConnection 0 1",
              "put 5 k v",
              "get k @eventual",
              "connect 1",
              "get k @eventual",
              "heal",
              "put:e:f",
              "get:e",
              "3, 2, e",
              "killServer 1");
      assertThat(printed()).startsWith("mine:1\nv\ne:f\n");
      assertThat(messages)
          .satisfiesExactly(
              line -> assertThat(line).contains("5: ERR_KEY"),
              line -> assertThat(line).contains("k: ERR_KEY"));
      assertThat(done).isFalse();
      assertThat(shell.prompt()).isEqualTo("lab:(gone) linearizable> ");
      assertThat(play(shell, "connect 0", "status", "terminate", "gett")).isTrue();
      assertThat(shell.prompt()).isEqualTo("lab:0 linearizable> ");
    } finally {
      lab.killAll();
    }
  }

  @Test
  void helpShowsCommandsAndExamples() throws Exception {
    assertThat(play("help", "help get", "help level", "help delay", "get --help")).isTrue();
    assertThat(printed())
        .contains("breakConnection ID1 ID2", "Usage: get ", "\n  get greeting\n", "level causal")
        .contains("In the lab: delay ID1 ID2 MS")
        .doesNotContain("gamut get", "--server");
    assertThat(play("help gett")).isFalse();
    assertThat(messages).singleElement().asString().contains("did you mean 'get'?");
  }
}
