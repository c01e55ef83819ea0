package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gamut shell} as a process: behind a pipe, and at a pseudo terminal. */
@Timeout(180)
final class ShellProcessTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  /**
   * Whoever starts the tests in the background may have Ctrl-C ignored; what they start must not.
   */
  private static final List<String> HEEDING_CTRL_C = List.of("env", "--default-signal=INT");

  @TempDir private Path directory = Path.of("");

  private @Nullable Process started;
  private final StringBuilder printed = new StringBuilder();

  @AfterEach
  void end() {
    if (started != null) {
      kill(started);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private List<String> gamut(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.gamut.cli.Gamut"));
    command.addAll(List.of("shell", "--history", directory.resolve("history").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TERM", "xterm");
    builder.environment().put("NO_COLOR", "1");
    builder.environment().put("SHELL", "/bin/sh");
    builder.redirectError(directory.resolve("messages").toFile());
    Process process = builder.start();
    started = process;
    // A test that waits for what is never printed sees the end of it instead.
    CompletableFuture.delayedExecutor(LIMIT.toSeconds(), TimeUnit.SECONDS)
        .execute(() -> kill(process));
    return process;
  }

  private static int status(Process process) throws Exception {
    return process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS).exitValue();
  }

  private int piped(String lines) throws Exception {
    Process process = start(gamut("--lab", "--embedded", "--servers", "1"));
    try (OutputStream in = process.getOutputStream()) {
      in.write(lines.getBytes(StandardCharsets.UTF_8));
    }
    printed.setLength(0);
    printed.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    return status(process);
  }

  private String messages() throws IOException {
    return Files.readString(directory.resolve("messages"));
  }

  @Test
  void aPipeEndsWithStatusOneIfALineFailed() throws Exception {
    assertThat(piped("put k v\nget k\n")).as("%s", messages()).isZero();
    assertThat(printed.toString()).isEqualTo("v\n");
    assertThat(piped("put k v\nget absent\nget k")).isEqualTo(1);
    assertThat(printed.toString()).isEqualTo("v\n");
    assertThat(messages())
        .isEqualTo("gamut shell: line 2: get: absent: ERR_KEY there is no such key\n");
    assertThat(directory.resolve("history")).doesNotExist();
  }

  /** Waits until a text is printed behind what was read before. */
  private void awaitPrinted(Reader out, String text) throws IOException {
    printed.setLength(0);
    while (printed.indexOf(text) < 0) {
      int c = out.read();
      assertThat(c).as("the end came before '%s': %s", text, printed).isNotNegative();
      printed.append((char) c);
    }
  }

  @Test
  void atATerminalCtrlCLeavesTheLabsProcessesAlive() throws Exception {
    assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT + " to make a terminal");
    List<String> command = new ArrayList<>(HEEDING_CTRL_C);
    command.addAll(gamut("--lab", "--servers", "2"));
    // In the place of script's own shell, which would end by the Ctrl-C that it sees too.
    String words =
        "exec" + String.join("", command.stream().map(each -> " '" + each + "'").toList());
    Process process = start(List.of(SCRIPT.toString(), "-qefc", words, "/dev/null"));
    Reader out = process.inputReader(StandardCharsets.UTF_8);
    OutputStream in = process.getOutputStream();
    awaitPrinted(out, "lab:0 linearizable> ");
    type(in, "put k v\r");
    awaitPrinted(out, "> ");
    type(in, "put k lost");
    awaitPrinted(out, "put k lost");
    type(in, "\u0003");
    awaitPrinted(out, "> ");
    type(in, "get k @eventual\r");
    awaitPrinted(out, "v\r\n");
    awaitPrinted(out, "> ");
    type(in, "listServer\r");
    awaitPrinted(out, "0\r\n1\r\n");
    List<ProcessHandle> servers = servers(process).toList();
    assertThat(servers).hasSize(2);
    type(in, "killServer 1\r");
    awaitPrinted(out, "> ");
    awaitPrinted(out, "> ");
    type(in, "\u0004");
    assertThat(status(process)).isZero();
    for (ProcessHandle server : servers) {
      server.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(Files.readString(directory.resolve("history"))).contains("killServer 1");
  }

  private static void type(OutputStream in, String keys) throws IOException {
    in.write(keys.getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Those that started nobody: the shell and what made its terminal have children. */
  private static Stream<ProcessHandle> servers(Process process) {
    return process.descendants().filter(each -> each.children().findAny().isEmpty());
  }
}
