package io.gamut.cli.data;

import static java.util.Objects.requireNonNull;

import io.gamut.cli.data.Printer.Row;
import io.gamut.client.Command;
import io.gamut.client.Handle;
import io.gamut.core.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gamut cas}. */
@picocli.CommandLine.Command(
    name = "cas",
    description =
        "Set a value if its key is as expected. Exit status 1 if it is not, 3 if the outcome is"
            + " unknown.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut cas greeting --value hello goodbye",
      "  gamut cas greeting --if-version 1763805600000.0@000102030405060708090a0b0c0d0e0f goodbye"
    })
public final class CasCommand extends DataCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key, as UTF-8.")
  private String key = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "The new value, as UTF-8.")
  private String value = "";

  @ArgGroup(multiplicity = "1")
  private final Expected expected = new Expected();

  /** What must be there. */
  static final class Expected {
    @Option(names = "--value", paramLabel = "OLD", description = "It has this value.")
    private @Nullable String value;

    @Option(
        names = "--if-version",
        paramLabel = "VERSION",
        description = "Its last write has this version, as json output shows it.")
    private @Nullable String version;
  }

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    Command<Boolean> command =
        expected.value != null
            ? Command.compareAndSet(bytes(key), bytes(expected.value), bytes(value))
            : Command.compareVersionAndSet(
                bytes(key), Version.parse(requireNonNull(expected.version)), bytes(value));
    return ask(
        cluster,
        command,
        done -> {
          printer.print(Row.ofWrite(bytes(key), done.value(), done.receipt()));
          if (!done.value()) {
            say(shown(key) + " was not written: it is not as expected");
          }
          return done.value() ? 0 : EXIT_NO;
        });
  }
}
