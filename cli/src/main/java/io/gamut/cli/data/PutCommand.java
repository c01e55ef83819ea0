package io.gamut.cli.data;

import io.gamut.cli.data.Printer.Row;
import io.gamut.client.Command;
import io.gamut.client.Handle;
import io.gamut.client.PutOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gamut put}. */
@picocli.CommandLine.Command(
    name = "put",
    description =
        "Set a value: as given, from a file, or from standard input. Exit status 1 if a condition"
            + " did not hold, 3 if the outcome is unknown.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut put greeting hello",
      "  gamut put photo --file photo.jpg --level causal",
      "  date | gamut put now --ttl 60000",
      "  gamut put lock mine --if-absent"
    })
public final class PutCommand extends DataCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key, as UTF-8.")
  private String key = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "The value, as UTF-8. Without it and --file: standard input.")
  private @Nullable String value;

  @Option(names = "--file", paramLabel = "FILE", description = "The file that holds the value.")
  private @Nullable Path file;

  @Option(names = "--ttl", paramLabel = "MS", description = "Milliseconds until it expires.")
  private @Nullable Long ttlMillis;

  @ArgGroup private final When when = new When();

  /** One condition at most. */
  static final class When {
    @Option(names = "--if-absent", description = "Only where there is no value.")
    private boolean ifAbsent;

    @Option(names = "--if-present", description = "Only where there is a value.")
    private boolean ifPresent;
  }

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    PutOptions options = PutOptions.none();
    if (ttlMillis != null) {
      options = options.expiringIn(Duration.ofMillis(ttlMillis));
    }
    if (when.ifAbsent) {
      options = options.ifAbsent();
    } else if (when.ifPresent) {
      options = options.ifPresent();
    }
    return ask(
        cluster,
        Command.put(bytes(key), content(), options),
        put -> {
          printer.print(Row.ofWrite(bytes(key), put.value(), put.receipt()));
          if (!put.value()) {
            say(shown(key) + " was not written: its condition does not hold");
          }
          return put.value() ? 0 : EXIT_NO;
        });
  }

  private byte[] content() throws IOException {
    if (value != null) {
      return bytes(value);
    }
    return file == null ? in().readAllBytes() : Files.readAllBytes(file);
  }
}
