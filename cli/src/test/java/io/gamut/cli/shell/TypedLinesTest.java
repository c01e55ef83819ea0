package io.gamut.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody types at a terminal: keys go in, and what is seen comes out. */
@Timeout(120)
final class TypedLinesTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String TAB = "\t";
  private static final String ENTER = "\r";
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";
  private static final String UP = "\u001bOA";

  @TempDir private Path directory = Path.of("");

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private PipedOutputStream keyboard = new PipedOutputStream();
  private @Nullable Servers started;
  private int seen;

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

  /** Opens a shell; it ends when the future does. */
  private CompletableFuture<Void> open(@Nullable Path history, String... options)
      throws IOException {
    keyboard = new PipedOutputStream();
    PipedInputStream keys = new PipedInputStream(keyboard);
    return CompletableFuture.runAsync(
        () -> {
          try (ExternalTerminal terminal =
              new ExternalTerminal("test", "xterm", keys, screen, StandardCharsets.UTF_8)) {
            terminal.setSize(new Size(160, 40));
            TypedLines lines = new TypedLines(terminal, false, history);
            try (Shell shell =
                Shell.connected(servers().options(options), lines.console(), lines)) {
              lines.play(shell);
            }
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        Executors.newVirtualThreadPerTaskExecutor());
  }

  private void type(String keys) throws IOException {
    keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }

  /** Waits until a text is seen behind what was seen before. */
  private void awaitSeen(String text) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (screen.toString(StandardCharsets.UTF_8).indexOf(text, seen) < 0) {
      assertThat(System.nanoTime())
          .as("'%s' is not seen in: %s", text, screen.toString(StandardCharsets.UTF_8))
          .isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    seen = screen.toString(StandardCharsets.UTF_8).indexOf(text, seen) + text.length();
  }

  private static void awaitEnd(CompletableFuture<Void> shell) throws Exception {
    shell.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void commandsKeysLevelsAndOptionsAreCompleted() throws Exception {
    CompletableFuture<Void> shell = open(null);
    awaitSeen(servers().resp(0) + ",.. linearizable> ");
    type("put greeting hello" + ENTER);
    awaitSeen("> ");
    type("put \"two words\" \"too: \\x41\"" + ENTER);
    awaitSeen("> ");
    type("get gree" + TAB + ENTER);
    awaitSeen("hello");
    type("get \"two" + TAB + ENTER);
    awaitSeen("too: A");
    type("brea" + TAB);
    awaitSeen("breakConnection");
    type(CTRL_C);
    awaitSeen("> ");
    type("level cau" + TAB + ENTER);
    awaitSeen("causal> ");
    type("get greeting @lin" + TAB + ENTER);
    awaitSeen("hello");
    type("get greeting --out" + TAB + "js" + TAB + ENTER);
    awaitSeen("\"level\":\"causal\"");
    type(CTRL_D);
    awaitEnd(shell);
  }

  @Test
  void whatMayFollowDependsOnWhatIsThere() throws Exception {
    try (Shell shell =
        Shell.connected(
            servers().options("--level=causal"), new Console(screen, _ -> {}), new Blank())) {
      for (String line : List.of("put a 1", "put ab 2", "put b 3", "put \"\\xff\" 4")) {
        assertThat(shell.run(line)).as(line).isEqualTo(Shell.Result.DONE);
      }
      Completion completion = new Completion(shell);
      assertThat(completion.matching(List.of("get", "a"))).containsExactly("a", "ab");
      assertThat(completion.matching(List.of("get", "b", ""))).contains("a", "ab", "\"\\xff\"");
      assertThat(completion.matching(List.of("put", "a", ""))).isEmpty();
      assertThat(completion.matching(List.of("breakConnection", ""))).containsExactly("0", "1");
      assertThat(completion.matching(List.of("fulldisk", ""))).containsExactly("0", "1");
      assertThat(completion.matching(List.of("fulldisk", "0", "o"))).containsExactly("on", "off");
      assertThat(completion.matching(List.of("clock", "0", ""))).isEmpty();
      assertThat(completion.matching(List.of("slowd"))).containsExactly("slowdisk");
      assertThat(completion.matching(List.of("killServer:"))).contains("killServer:1");
      assertThat(completion.matching(List.of("scan", "--")))
          .contains("--prefix", "--limit", "--values", "--level", "--output")
          .doesNotContain("--server", "--session");
      assertThat(completion.matching(List.of("scan", "--level=b")))
          .containsExactly("--level=bounded");
      assertThat(completion.matching(List.of("del", "a", "@"))).hasSize(6);
      assertThat(completion.matching(List.of("help", "inc"))).containsExactly("incr");
      assertThat(completion.matching(List.of("nothing", ""))).isEmpty();
      servers().close();
      long begun = System.nanoTime();
      assertThat(completion.matching(List.of("get", "a"))).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void whatTheSessionHasWrittenIsOfferedWhateverServerIsAsked() throws Exception {
    try (Shell shell =
        Shell.connected(
            servers().options("--level=causal"), new Console(screen, _ -> {}), new Blank())) {
      assertThat(shell.run("breakConnection 0 1")).isEqualTo(Shell.Result.DONE);
      Completion completion = new Completion(shell);
      for (int i = 0; i < 40; i++) {
        assertThat(shell.run("put key" + i + " v")).isEqualTo(Shell.Result.DONE);
        assertThat(completion.matching(List.of("get", "key" + i))).contains("key" + i);
      }
    }
  }

  @Test
  void ctrlCDropsTheLineAndTheShellGoesOn() throws Exception {
    CompletableFuture<Void> shell = open(null);
    awaitSeen("> ");
    type("put k v");
    awaitSeen("put k v");
    type(CTRL_C);
    awaitSeen("> ");
    type("get k" + ENTER);
    awaitSeen("k: ERR_KEY");
    type("gett k" + ENTER);
    awaitSeen("did you mean 'get'?");
    type("exit" + ENTER);
    awaitEnd(shell);
  }

  @Test
  void ctrlCGivesUpWhatIsUnderWay() throws Exception {
    CompletableFuture<Void> shell = open(null);
    awaitSeen("> ");
    type("sleep 600000" + ENTER);
    awaitSeen("sleep 600000");
    type(CTRL_C);
    awaitSeen("given up");
    awaitSeen("> ");
    type(CTRL_D);
    awaitEnd(shell);
  }

  @Test
  void historyOutlivesTheShell() throws Exception {
    Path file = directory.resolve("state/gamut/history");
    CompletableFuture<Void> first = open(file);
    awaitSeen("> ");
    type("put remembered 1" + ENTER);
    awaitSeen("> ");
    type(CTRL_D);
    awaitEnd(first);
    assertThat(Files.readString(file)).contains("put remembered 1");
    CompletableFuture<Void> second = open(file);
    awaitSeen("> ");
    type(UP);
    awaitSeen("put remembered 1");
    type(CTRL_C);
    awaitSeen("> ");
    type("history" + ENTER);
    awaitSeen("put remembered 1");
    type(CTRL_D);
    awaitEnd(second);
  }

  @Test
  void linksAreCutAndMendedByHand() throws Exception {
    CompletableFuture<Void> shell = open(null, "--level=eventual");
    awaitSeen("> ");
    for (String line :
        List.of("joinClient 5 0", "joinClient 6 1", "breakConnection 0 1", "put 5 k v")) {
      type(line + ENTER);
      awaitSeen("> ");
    }
    type("get 6 k" + ENTER);
    awaitSeen("k:ERR_KEY");
    type("heal" + ENTER);
    awaitSeen("> ");
    type("stabilize" + ENTER);
    awaitSeen("> ");
    type("get 6 k" + ENTER);
    awaitSeen("k:v");
    type("killServer 1" + ENTER);
    awaitSeen("started elsewhere");
    type(CTRL_D);
    awaitEnd(shell);
  }

  /** A screen on which nobody types. */
  private static final class Blank implements Screen {
    @Override
    public List<String> history() {
      return List.of();
    }

    @Override
    public void clear() {}
  }
}
