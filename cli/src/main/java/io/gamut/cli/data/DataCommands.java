package io.gamut.cli.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The data commands as a shell has them: with its connection and session in place of options. */
public final class DataCommands {
  private static final List<String> OF_A_PROCESS =
      List.of("--server", "--session", "--timeout", "--version");

  private final Map<String, Supplier<DataCommand>> commands = new TreeMap<>();
  private final Surroundings surroundings;
  private final IDefaultValueProvider defaults;

  /**
   * @param defaults what the shell says of options that a line leaves out
   */
  public DataCommands(Surroundings surroundings, IDefaultValueProvider defaults) {
    this.surroundings = surroundings;
    this.defaults = defaults;
    commands.put("cas", CasCommand::new);
    commands.put("del", DelCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("get", GetCommand::new);
    commands.put("history", HistoryCommand::new);
    commands.put("incr", IncrCommand::new);
    commands.put("put", PutCommand::new);
    commands.put("scan", ScanCommand::new);
  }

  public List<String> names() {
    return List.copyOf(commands.keySet());
  }

  /** A new command of this name, which runs once; null if there is none. */
  public @Nullable CommandLine command(String name) {
    Supplier<DataCommand> known = commands.get(name);
    if (known == null) {
      return null;
    }
    DataCommand command = known.get();
    command.workIn(surroundings);
    CommandLine line = new CommandLine(command);
    CommandSpec spec = line.getCommandSpec();
    OF_A_PROCESS.forEach(option -> remove(option, spec));
    UsageMessageSpec usage = spec.usageMessage();
    usage.footer(
        Arrays.stream(usage.footer())
            .filter(example -> !example.contains(" | ") && !example.contains(" > "))
            .map(example -> example.replace("  gamut ", "  "))
            .toArray(String[]::new));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false);
    spec.parser().collectErrors(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setDefaultValueProvider(defaults);
    return line;
  }

  private static void remove(String name, CommandSpec spec) {
    ArgSpec option = spec.findOption(name);
    if (option != null) {
      spec.remove(option);
    }
  }

  /** The options of a command, as they are written. */
  public List<String> options(String name) {
    CommandLine line = command(name);
    List<String> options = new ArrayList<>();
    if (line != null) {
      for (OptionSpec option : line.getCommandSpec().options()) {
        options.add(option.longestName());
      }
    }
    return options;
  }
}
