package io.gamut.cli.shell;

import io.gamut.cli.data.DataCommands;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What {@code help} says. */
final class Guide {
  private static final String LINE = "  %-38s %s%n";

  private final Builtins builtins;
  private final DataCommands data;
  private final LabLines lab;

  Guide(Builtins builtins, DataCommands data, LabLines lab) {
    this.builtins = builtins;
    this.data = data;
    this.lab = lab;
  }

  String help(List<String> arguments) throws ScriptException {
    if (arguments.isEmpty()) {
      return overview();
    }
    String name = arguments.getFirst();
    String own = ofCommand(name);
    String usage = lab.usages().get(name);
    if (own == null && usage == null) {
      Set<String> names = new TreeSet<>(lab.names());
      builtins.all().forEach(builtin -> names.add(builtin.name()));
      names.addAll(data.names());
      throw new ScriptException(Suggestion.unknownCommand(name, names));
    }
    String ofLab = usage == null ? "" : "In the lab: " + usage;
    return own == null ? ofLab : usage == null ? own : own + "\n" + ofLab;
  }

  private @Nullable String ofCommand(String name) {
    CommandLine command = data.command(name);
    Builtin builtin = builtins.find(name);
    String ofData = command == null ? null : command.getUsageMessage(Ansi.OFF).stripTrailing();
    if (builtin == null || ofData == null) {
      return builtin == null ? ofData : ofBuiltin(builtin);
    }
    return ofData + "\n\nAlone:\n" + ofBuiltin(builtin);
  }

  private static String ofBuiltin(Builtin builtin) {
    StringBuilder help = new StringBuilder("Usage: " + builtin.usage() + "\n");
    help.append(builtin.description()).append("\n\nExamples:");
    builtin.examples().forEach(example -> help.append("\n  ").append(example));
    return help.toString();
  }

  private String overview() {
    StringBuilder help = new StringBuilder("Data (help COMMAND says more):\n");
    for (String name : data.names()) {
      CommandLine command = data.command(name);
      if (command != null) {
        String description =
            String.join(" ", command.getCommandSpec().usageMessage().description());
        help.append(LINE.formatted(name, description.split("(?<=[.])|:", 2)[0]));
      }
    }
    help.append("%nThe shell:%n".formatted());
    for (Builtin builtin : builtins.all()) {
      help.append(LINE.formatted(builtin.usage(), builtin.description()));
    }
    help.append(LINE.formatted("help [COMMAND]", "Show this, or how a command is written."));
    help.append(LINE.formatted("exit, quit", "Leave; Ctrl-D does so too."));
    help.append(
        lab.isOwn()
            ? "%nThe lab:%n".formatted()
            : "%nThe lab (links, disks and clocks only of servers started with --lab; no processes):%n"
                .formatted());
    for (Map.Entry<String, String> each : lab.usages().entrySet()) {
      help.append("  ").append(each.getValue()).append(System.lineSeparator());
    }
    help.append("%nAn example:%n  put greeting hello%n  get greeting @eventual%n".formatted());
    help.append("  put \"two words\" \"\\xff\\n\"");
    return help.toString();
  }
}
