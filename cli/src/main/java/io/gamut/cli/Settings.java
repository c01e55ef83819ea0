package io.gamut.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the command line leaves open: the environment says it ({@code GAMUT_RESP_PORT} for {@code
 * --resp-port}), or else the file of properties ({@code up.resp-port}, or {@code resp-port} for
 * every command that has such an option).
 */
final class Settings implements IDefaultValueProvider {
  /** Names the file; it is read before all other options are parsed. */
  static final String CONFIG = "--config";

  private static final String PREFIX = "GAMUT_";
  private static final List<String> NEVER = List.of("help", "version");

  private final Map<String, String> environment;
  private final Properties properties = new Properties();
  private final Map<ArgSpec, String> sources = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final String fileName;

  Settings(Map<String, String> environment, String... args) {
    this.environment = environment;
    this.fileName = fileName(args);
    if (!fileName.isEmpty()) {
      try (Reader reader = Files.newBufferedReader(Path.of(fileName))) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        faults.add("cannot read the file of " + CONFIG + ": " + e);
      }
    }
  }

  /** The file must be known before the options are parsed: it says what some of them are. */
  private String fileName(String... args) {
    String name = environment.getOrDefault(variable("config"), "");
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(CONFIG) && i + 1 < args.length) {
        name = args[i + 1];
      } else if (args[i].startsWith(CONFIG + "=")) {
        name = args[i].substring(CONFIG.length() + 1);
      }
    }
    return name;
  }

  private static String variable(String option) {
    return PREFIX + option.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The first of its long names. */
  private static String plainName(OptionSpec option) {
    return Arrays.stream(option.names())
        .filter(name -> name.startsWith("--"))
        .findFirst()
        .orElse(option.longestName())
        .replaceFirst("^-+", "");
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.hidden()) {
      return null;
    }
    String name = plainName(option);
    if (NEVER.contains(name)) {
      return null;
    }
    String value = environment.get(variable(name));
    if (value != null) {
      sources.put(argument, variable(name));
      return value;
    }
    String special = option.command().name() + "." + name;
    String key = properties.containsKey(special) ? special : name;
    value = properties.getProperty(key);
    if (value != null) {
      sources.put(argument, key + " in " + fileName);
    }
    return value;
  }

  /** Where the value of an option came from, if not from the command line; else an empty text. */
  String source(@Nullable ArgSpec argument) {
    String source = argument == null ? null : sources.get(argument);
    return source == null ? "" : " (from " + source + ")";
  }

  /** What is wrong with the file itself, names in it that are no option's included. */
  List<String> faults(CommandLine root) {
    Set<String> known = new TreeSet<>();
    collect(root, known);
    List<String> all = new ArrayList<>(faults);
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      if (!known.contains(key)) {
        all.add("no option is called '" + key + "' (in " + fileName + ")");
      }
    }
    return all;
  }

  private static void collect(CommandLine commandLine, Set<String> known) {
    for (OptionSpec option : commandLine.getCommandSpec().options()) {
      String name = plainName(option);
      if (!option.hidden() && !NEVER.contains(name)) {
        known.add(name);
        known.add(commandLine.getCommandName() + "." + name);
      }
    }
    commandLine.getSubcommands().values().forEach(subcommand -> collect(subcommand, known));
  }
}
