package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.cli.data.CasCommand;
import io.gamut.cli.data.DelCommand;
import io.gamut.cli.data.ExplainCommand;
import io.gamut.cli.data.ExportCommand;
import io.gamut.cli.data.GetCommand;
import io.gamut.cli.data.HistoryCommand;
import io.gamut.cli.data.ImportCommand;
import io.gamut.cli.data.IncrCommand;
import io.gamut.cli.data.PutCommand;
import io.gamut.cli.data.ScanCommand;
import io.gamut.cli.user.UserCommand;
import io.gamut.cli.verify.VerifyCommand;
import io.gamut.core.Consistency;
import io.gamut.overlay.Endpoint;
import io.gamut.storage.journal.Durability;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code gamut} command: its subcommands do the work. */
@Command(
    name = "gamut",
    description = "A replicated key-value store in which every request picks its consistency.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      NodeCommand.class,
      GatewayCommand.class,
      GetCommand.class,
      PutCommand.class,
      DelCommand.class,
      IncrCommand.class,
      CasCommand.class,
      ScanCommand.class,
      ExplainCommand.class,
      HistoryCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      UserCommand.class,
      LabCommand.class,
      ShellCommand.class,
      LabScriptCommand.class,
      SimulateCommand.class,
      VerifyCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      VersionCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut up                     three servers, RESP on ports 7379 to 7381",
      "  gamut put greeting hello     write; gamut get greeting reads",
      "  gamut shell                  type commands, with completion and a history",
      "  gamut lab script.lab         play a script on servers whose links it breaks",
      "  gamut simulate --seeds 1000  search a thousand simulated histories for faults",
      "  gamut verify --history FILE  judge a history that was recorded",
      "",
      "Every option can also be given in the environment (--resp-port as GAMUT_RESP_PORT) or in a",
      "file of properties (resp-port=7379, or up.resp-port=7379 for one command) named by"
          + " --config.",
      "The command line goes before the environment, the environment before the file."
    })
public final class Gamut implements Runnable {
  /** A script or a verdict failed, or what was asked for could not be done. */
  static final int EXIT_FAILED = 1;

  /** The command line is wrong. */
  static final int EXIT_USAGE = 2;

  @Spec private @Nullable CommandSpec spec;

  public static void main(String[] args) {
    System.exit(run(System.getenv(), args));
  }

  /** Runs a command line; the exit code. */
  static int run(Map<String, String> environment, String... args) {
    return commandLine(new Settings(environment, args)).execute(args);
  }

  static CommandLine commandLine(Settings settings) {
    CommandLine commandLine = new CommandLine(new Gamut());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.registerConverter(Endpoint.class, Converters::endpoint);
    commandLine.registerConverter(Durability.class, Converters::durability);
    commandLine.registerConverter(Consistency.class, Converters::level);
    prepareAll(commandLine);
    commandLine.setDefaultValueProvider(settings);
    Faults faults = new Faults(settings);
    commandLine.setExecutionStrategy(faults::execute);
    commandLine.setParameterExceptionHandler(faults::handle);
    commandLine.setExecutionExceptionHandler(Faults::failed);
    return commandLine;
  }

  private static void prepareAll(CommandLine commandLine) {
    commandLine.getSubcommands().values().forEach(Gamut::prepareAll);
    prepare(commandLine);
  }

  private static void prepare(CommandLine commandLine) {
    commandLine.getCommandSpec().parser().collectErrors(true);
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder(Settings.CONFIG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("A file of properties that sets options not given otherwise.")
                .build());
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setAbbreviatedOptionsAllowed(false);
  }

  @Override
  public void run() {
    throw new ParameterException(requireNonNull(spec).commandLine(), "a command is missing");
  }
}
