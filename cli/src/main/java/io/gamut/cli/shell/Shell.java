package io.gamut.cli.shell;

import io.gamut.cli.data.ClientOptions;
import io.gamut.cli.data.DataCommands;
import io.gamut.cli.lab.Lab;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.cli.script.Suggestion;
import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Does what lines ask for, one after the other. A line is a data command as {@code gamut} has it, a
 * command of the shell itself, or one of the lab. {@code history} is the shell's where it stands
 * alone, and else that of a key.
 *
 * <p>For one thread.
 */
public final class Shell implements AutoCloseable {
  /** Words that a data command has before a level may stand behind it. */
  private static final Map<String, Integer> WORDS_LEAST =
      Map.of(
          "get", 2, "del", 2, "incr", 2, "put", 3, "cas", 3, "scan", 1, "explain", 2, "history", 2);

  private static final Set<String> ENDS = Set.of("exit", "quit");

  /** What became of a line. */
  public enum Result {
    DONE,
    FAILED,
    /** No more lines are wanted. */
    END
  }

  private final Console console;
  private final Standing standing;
  private final LabLines lab;
  private final Builtins builtins;
  private final DataCommands data;
  private final Guide guide;

  /** Works with servers that others have started, those that the options name. */
  public static Shell connected(ClientOptions options, Console console, @Nullable Screen screen)
      throws ScriptException {
    Lab lab = new Lab(console.out(), console.messages());
    Shell shell = new Shell(options, console, screen, lab, false);
    shell.standing.connect(Standing.addresses(String.join(",", options.servers())));
    if (screen != null) {
      shell.lab.meet();
    }
    return shell;
  }

  /** Works with servers of a lab, the first of those that run, and can start and kill them. */
  public static Shell ofLab(
      Lab lab, ClientOptions options, Console console, @Nullable Screen screen)
      throws ScriptException {
    Shell shell = new Shell(options, console, screen, lab, true);
    shell.connectToFirst();
    return shell;
  }

  private Shell(
      ClientOptions options, Console console, @Nullable Screen screen, Lab lab, boolean ownsLab) {
    this.console = console;
    standing = new Standing(options, console);
    this.lab = new LabLines(lab, ownsLab, standing);
    builtins = new Builtins(standing, this.lab, screen);
    data = new DataCommands(standing, standing::defaultValue);
    guide = new Guide(builtins, data, this.lab);
  }

  private void connectToFirst() throws ScriptException {
    Map<Integer, Endpoint> servers = lab.servers();
    if (!servers.isEmpty()) {
      standing.connect(List.of(servers.values().iterator().next()));
    }
  }

  Standing standing() {
    return standing;
  }

  LabLines lab() {
    return lab;
  }

  Builtins builtins() {
    return builtins;
  }

  DataCommands data() {
    return data;
  }

  /** All names that a line may begin with. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(ENDS);
    names.add("help");
    builtins.all().forEach(builtin -> names.add(builtin.name()));
    names.addAll(data.names());
    names.addAll(lab.names());
    return names;
  }

  /** Does a line, which is {@link ScriptText}; faults are said, and the next may be done. */
  public Result run(String line) throws IOException {
    try {
      return runOrThrow(line);
    } catch (ScriptException e) {
      console.say(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      console.say("given up");
    }
    return Result.FAILED;
  }

  private Result runOrThrow(String line) throws ScriptException, IOException, InterruptedException {
    String text = line.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return Result.DONE;
    }
    String name = text.split("[ \t]", 2)[0];
    CommandLine command = data.command(name);
    boolean isAlone = text.equals(name);
    Builtin builtin = command == null || isAlone ? builtins.find(name) : null;
    boolean isOwn =
        builtin != null || command != null || name.equals("help") || ENDS.contains(name);
    List<Word> words = isOwn ? Word.of(text) : List.of();
    if (isOwn ? lab.claims(words) : lab.speaks(text)) {
      return runInLab(text);
    }
    if (ENDS.contains(name)) {
      return Result.END;
    }
    List<String> arguments = words.stream().skip(1).map(Word::text).toList();
    if (name.equals("help")) {
      standing.print(guide.help(arguments));
      return Result.DONE;
    }
    if (builtin != null) {
      builtin.run(arguments);
      return Result.DONE;
    }
    if (command != null) {
      return ask(command, words) == 0 ? Result.DONE : Result.FAILED;
    }
    throw new ScriptException(Suggestion.unknownCommand(name, names()) + " (help lists them)");
  }

  private Result runInLab(String text) throws ScriptException, IOException, InterruptedException {
    boolean isEnd = lab.run(text);
    if (lab.isOwn() && standing.servers().isEmpty()) {
      connectToFirst();
    }
    return isEnd ? Result.END : Result.DONE;
  }

  /** Runs a data command; its exit status. */
  private int ask(CommandLine command, List<Word> words)
      throws ScriptException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    words.stream().skip(1).forEach(word -> arguments.add(word.text()));
    String name = words.getFirst().text();
    Word last = words.getLast();
    boolean hasLevel =
        words.size() > WORDS_LEAST.getOrDefault(name, Integer.MAX_VALUE)
            && last.text().startsWith("@")
            && !last.isQuoted();
    if (hasLevel) {
      arguments.removeLast();
      standing.setLevelOnce(Standing.parseLevel(last.text().substring(1)));
    }
    try {
      requireNoFault(command.parseArgs(arguments.toArray(String[]::new)));
      if (command.isUsageHelpRequested()) {
        standing.print(guide.help(List.of(name)));
        return 0;
      }
      Callable<Integer> asked = command.getCommand();
      return asked.call();
    } catch (ScriptException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new ScriptException(
          name + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
    } finally {
      standing.setLevelOnce(null);
    }
  }

  /** An option that there is not goes before what seems to be wrong behind it. */
  private void requireNoFault(ParseResult parsed) throws ScriptException {
    List<Exception> faults = parsed.isUsageHelpRequested() ? List.of() : parsed.errors();
    for (Exception fault : faults) {
      if (fault instanceof UnmatchedArgumentException unmatched) {
        String name = unmatched.getUnmatched().getFirst();
        throw new ScriptException(
            fault.getMessage()
                + Suggestion.nearest(name, data.options(parsed.commandSpec().name()))
                    .map(meant -> ": did you mean '" + meant + "'?")
                    .orElse(""));
      }
    }
    if (!faults.isEmpty()) {
      throw new ScriptException(String.valueOf(faults.getFirst().getMessage()));
    }
  }

  /** What stands before the place where lines are typed. */
  String prompt() {
    List<Endpoint> servers = standing.servers();
    String where = servers.isEmpty() ? "(nowhere)" : servers.getFirst().toString();
    if (lab.isOwn()) {
      where =
          lab.servers().entrySet().stream()
              .filter(server -> servers.contains(server.getValue()))
              .findFirst()
              .map(server -> "lab:" + server.getKey())
              .orElse(servers.isEmpty() ? "lab" : "lab:(gone)");
    } else if (servers.size() > 1) {
      where += ",..";
    }
    return where + " " + Standing.written(standing.level()) + "> ";
  }

  /** Disconnects; the lab's servers are for whoever made the lab. */
  @Override
  public void close() {
    standing.close();
  }
}
