package io.gamut.cli.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.cli.script.ScriptText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/**
 * A shell whose lines are typed at a terminal, with completion and a history that outlives it.
 *
 * <p>Ctrl-C drops the line that is being typed, and gives up the request that is under way; Ctrl-D
 * on an empty line leaves.
 */
public final class TypedLines implements Screen {
  private static final int HISTORY_LINES_MAX = 1_000;

  /** Of a terminal that does not tell its size: in containers there are such. */
  private static final Size SIZE_UNKNOWN = new Size(80, 24);

  private final Terminal terminal;
  private final boolean hasColours;
  private final LineReader reader;
  private @Nullable Completion completion;

  /**
   * @param history where lines are kept; null for nowhere
   */
  public TypedLines(Terminal terminal, boolean hasColours, @Nullable Path history) {
    this.terminal = terminal;
    this.hasColours = hasColours;
    if (terminal.getWidth() == 0) {
      terminal.setSize(SIZE_UNKNOWN);
    }
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("gamut")
            .parser(new LineSyntax())
            .completer((typing, line, candidates) -> {
              Completion known = completion;
              if (known == null) {
                NullCompleter.INSTANCE.complete(typing, line, candidates);
              } else {
                known.complete(typing, line, candidates);
              }
            })
            // A value may hold any character: an exclamation mark is one.
            .option(Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.HISTORY_SIZE, HISTORY_LINES_MAX)
            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES_MAX);
    Path file = history == null ? null : prepared(history);
    if (file != null) {
      builder.variable(LineReader.HISTORY_FILE, file);
    }
    reader = builder.build();
  }

  /** A file that only its owner reads, since lines hold values; null if there can be none. */
  private static @Nullable Path prepared(Path file) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      if (!Files.exists(file)) {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          var ownersOnly =
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
          Files.createFile(file, ownersOnly);
        } else {
          Files.createFile(file);
        }
      }
      return file;
    } catch (IOException _) {
      return null;
    }
  }

  /** Where the shell prints. */
  public Console console() {
    return new Console(terminal.output(), this::say);
  }

  private void say(String message) {
    message
        .lines()
        .forEach(line -> {
          AttributedString styled =
              new AttributedString(line, AttributedStyle.DEFAULT.foreground(AttributedStyle.RED));
          terminal.writer().println(hasColours ? styled.toAnsi(terminal) : line);
        });
    terminal.flush();
  }

  private String prompt(Shell shell) {
    AttributedString styled =
        new AttributedString(
            shell.prompt(), AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN));
    return hasColours ? styled.toAnsi(terminal) : shell.prompt();
  }

  /** Does lines until the last. */
  public void play(Shell shell) throws IOException {
    completion = new Completion(shell);
    Thread working = Thread.currentThread();
    terminal.handle(Signal.INT, _ -> working.interrupt());
    Shell.Result result = Shell.Result.DONE;
    while (result != Shell.Result.END) {
      try {
        String line = reader.readLine(prompt(shell));
        result = shell.run(ScriptText.of(line.getBytes(UTF_8)));
        terminal.flush();
      } catch (UserInterruptException _) {
        // The line is dropped; the next one is read.
      } catch (EndOfFileException _) {
        result = Shell.Result.END;
      } finally {
        var _ = Thread.interrupted();
      }
    }
    reader.getHistory().save();
  }

  @Override
  public List<String> history() {
    return StreamSupport.stream(reader.getHistory().spliterator(), false)
        .map(entry -> entry.line())
        .toList();
  }

  @Override
  public void clear() {
    terminal.puts(Capability.clear_screen);
    terminal.flush();
  }
}
