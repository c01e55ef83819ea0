package io.gamut.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports what is wrong: of a command line all at once, and each fault in one line. */
final class Faults {
  private final Settings settings;
  private final IExecutionStrategy whenRight = new RunLast();

  Faults(Settings settings) {
    this.settings = settings;
  }

  /** Runs the command if its command line has no fault. */
  int execute(ParseResult parsed) {
    CommandLine last = parsed.commandSpec().commandLine();
    Set<String> faults = new LinkedHashSet<>();
    boolean help = false;
    for (ParseResult at = parsed; at != null; at = at.subcommand()) {
      last = at.commandSpec().commandLine();
      help |= at.isUsageHelpRequested() || at.isVersionHelpRequested();
      at.errors().forEach(fault -> faults.add(message(fault)));
      faults.addAll(faultsOfSettings(at));
    }
    if (!help) {
      faults.addAll(settings.faults(parsed.commandSpec().commandLine()));
      if (!faults.isEmpty()) {
        return report(last, new ArrayList<>(faults));
      }
    }
    return whenRight.execute(parsed);
  }

  /** All faults of values that the command line did not give: the parser stops at the first. */
  private List<String> faultsOfSettings(ParseResult parsed) {
    List<String> faults = new ArrayList<>();
    for (OptionSpec option : parsed.commandSpec().options()) {
      String value = parsed.hasMatchedOption(option) ? null : settings.defaultValue(option);
      if (value != null) {
        for (Exception fault : faultsOfOne(parsed.commandSpec(), option, value)) {
          if (!(fault instanceof MissingParameterException)) {
            faults.add(fault.getMessage() + settings.source(option));
          }
        }
      }
    }
    return faults;
  }

  /** Parses a command line with one option only. */
  private static List<Exception> faultsOfOne(CommandSpec command, OptionSpec option, String value) {
    CommandLine alone = Gamut.commandLine(new Settings(Map.of()));
    String given = option.longestName() + "=" + value;
    List<String> words = new ArrayList<>(List.of(given));
    for (CommandSpec each = command; each.parent() != null; each = each.parent()) {
      words.addFirst(each.name());
    }
    ParseResult parsed = alone.parseArgs(words.toArray(String[]::new));
    while (parsed.subcommand() != null) {
      parsed = parsed.subcommand();
    }
    return parsed.errors();
  }

  private String message(Exception fault) {
    String message = String.valueOf(fault.getMessage());
    return fault instanceof ParameterException wrong
        ? message + settings.source(wrong.getArgSpec())
        : message;
  }

  /** A fault that the command itself found. */
  int handle(ParameterException fault, String... args) {
    List<String> faults = new ArrayList<>();
    message(fault).lines().forEach(faults::add);
    if (fault instanceof UnmatchedArgumentException unmatched) {
      faults.addAll(
          unmatched.getSuggestions().stream().map(name -> "did you mean '" + name + "'?").toList());
    }
    return report(fault.getCommandLine(), faults);
  }

  private static int report(CommandLine commandLine, List<String> faults) {
    PrintWriter err = commandLine.getErr();
    String name = commandLine.getCommandSpec().qualifiedName();
    CommandLine.Help.ColorScheme colors = commandLine.getColorScheme();
    for (String fault : faults) {
      err.println(colors.errorText(name + ": " + fault));
    }
    err.println("Help: " + name + " --help");
    err.flush();
    return Gamut.EXIT_USAGE;
  }

  /** A command that could not do what it was asked. */
  static int failed(Exception fault, CommandLine commandLine, ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    String name = commandLine.getCommandSpec().qualifiedName();
    String message = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    err.println(commandLine.getColorScheme().errorText(name + ": " + message));
    if (fault instanceof RuntimeException) {
      fault.printStackTrace(err);
    }
    err.flush();
    return Gamut.EXIT_FAILED;
  }
}
