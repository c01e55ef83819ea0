package io.gamut.cli.data;

import io.gamut.cli.data.Printer.Row;
import io.gamut.client.Command;
import io.gamut.client.Handle;
import picocli.CommandLine.Parameters;

/** {@code gamut incr}. */
@picocli.CommandLine.Command(
    name = "incr",
    description =
        "Add to a number, and print the sum; a key without a value counts as 0. Exit status 3 if"
            + " the outcome is unknown.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  gamut incr visits", "  gamut incr stock -- -3"})
public final class IncrCommand extends DataCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key, as UTF-8.")
  private String key = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "BY",
      defaultValue = "1",
      description = "What is added. Default: ${DEFAULT-VALUE}.")
  private long by = 1;

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    return ask(
        cluster,
        Command.increment(bytes(key), by),
        sum -> {
          printer.print(Row.ofNumber(bytes(key), sum.value(), sum.receipt()));
          return 0;
        });
  }
}
