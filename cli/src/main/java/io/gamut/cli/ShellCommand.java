package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.cli.data.ClientOptions;
import io.gamut.cli.lab.Lab;
import io.gamut.cli.lab.LabSettings;
import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.NodeLauncher;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.Step;
import io.gamut.cli.shell.Console;
import io.gamut.cli.shell.PipedLines;
import io.gamut.cli.shell.Screen;
import io.gamut.cli.shell.Shell;
import io.gamut.cli.shell.TypedLines;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "shell",
    description = {
      "Type commands, one after the other, within one session.",
      "They are those of the command line (get, put, del, incr, cas, scan), those of the lab, and"
          + " some of the shell's own: help lists them. With standard input from a pipe, status 1"
          + " when a command failed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut shell",
      "  gamut shell --connect 127.0.0.1:7379,127.0.0.1:7380 --level causal",
      "  echo 'incr visits' | gamut shell",
      "  gamut shell --lab"
    })
final class ShellCommand implements Callable<Integer> {
  private static final int SERVERS_MAX = 64;
  private static final String HISTORY_OFF = "off";

  @Mixin private final ClientOptions client = new ClientOptions();
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--lab",
      description =
          "Start servers of its own, in processes that the lab's commands start, kill and pause,"
              + " and whose links they cut.")
  private boolean lab;

  @Option(
      names = "--servers",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many servers --lab starts at first. Default: ${DEFAULT-VALUE}.")
  private int servers = 3;

  @Option(
      names = "--embedded",
      description = "Run the lab's servers in this process, which is faster to start.")
  private boolean embedded;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description =
          "Where typed lines are kept, or "
              + HISTORY_OFF
              + ". Default: gamut/history in"
              + " $$XDG_STATE_HOME if that is set, else ~/.gamut_history.")
  private @Nullable String history;

  @Override
  public Integer call() throws Exception {
    if (servers < 0 || servers > SERVERS_MAX) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          "--servers is 0 to " + SERVERS_MAX + ", not " + servers);
    }
    // Clients and embedded servers would log into the lines that are typed.
    System.setProperty("gamut.log.level", "ERROR");
    return isTyped() ? typed() : piped();
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where standard input is not a terminal
  private static boolean isTyped() {
    return System.console() != null && System.console().isTerminal();
  }

  private int piped() throws IOException, InterruptedException {
    PipedLines lines = new PipedLines(System.in);
    Console console =
        new Console(
            new FileOutputStream(FileDescriptor.out),
            message ->
                System.err.println("gamut shell: line " + lines.lineNumber() + ": " + message));
    boolean[] done = {false};
    play(console, null, shell -> done[0] = lines.play(shell));
    return done[0] ? 0 : Gamut.EXIT_FAILED;
  }

  private int typed() throws IOException, InterruptedException {
    try (Terminal terminal = TerminalBuilder.builder().name("gamut").system(true).build()) {
      boolean hasColours =
          !terminal.getType().toLowerCase(Locale.ROOT).startsWith(Terminal.TYPE_DUMB)
              && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
      TypedLines lines = new TypedLines(terminal, hasColours, historyFile());
      terminal.writer().println("help lists the commands, Tab completes them, Ctrl-D leaves.");
      play(lines.console(), lines, lines::play);
    }
    return 0;
  }

  private @Nullable Path historyFile() {
    if (history != null) {
      return history.equals(HISTORY_OFF) ? null : Path.of(history);
    }
    String state = System.getenv().getOrDefault("XDG_STATE_HOME", "");
    return state.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".gamut_history")
        : Path.of(state, "gamut", "history");
  }

  /** Reads lines to their end. */
  @FunctionalInterface
  private interface Playing {
    void play(Shell shell) throws IOException;
  }

  private void play(Console console, @Nullable Screen screen, Playing playing)
      throws IOException, InterruptedException {
    if (lab) {
      playInLab(console, screen, playing);
      return;
    }
    try (Shell shell = Shell.connected(client, console, screen)) {
      playing.play(shell);
    } catch (ScriptException e) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void playInLab(Console console, @Nullable Screen screen, Playing playing)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("gamut-shell-");
    NodeLauncher launcher =
        embedded ? Launchers.embedded() : Launchers.fleetingProcesses(directory, 0);
    LabSettings settings =
        new LabSettings(launcher, directory, server.durability, server.defaultLevel);
    Lab own = new Lab(settings, console.out(), console.messages());
    // Also when the shell is interrupted: nothing that it started stays behind.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("cleaner")
                .unstarted(() -> {
                  own.killAll();
                  Directories.delete(directory);
                }));
    try {
      for (int id = 0; id < servers; id++) {
        own.run(new Step.JoinServer(id));
      }
      try (Shell shell = Shell.ofLab(own, client, console, screen)) {
        playing.play(shell);
      }
    } catch (ScriptException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
