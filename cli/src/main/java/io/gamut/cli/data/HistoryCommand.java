package io.gamut.cli.data;

import static io.gamut.cli.data.ExplainCommand.word;

import io.gamut.client.Command;
import io.gamut.client.Handle;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gamut history}. */
@picocli.CommandLine.Command(
    name = "history",
    description =
        "Show the recent versions of a key on one server, newest first. It keeps them in memory"
            + " since its start, at most 16 of a key. raw and table print the same.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut history greeting",
      "  gamut history greeting --count 3 --output json",
    })
public final class HistoryCommand extends DataCommand {
  @Parameters(paramLabel = "KEY", description = "The key, as UTF-8.")
  private String key = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "16",
      description = "At most so many versions, from 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int count = 16;

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    return ask(
        cluster,
        Command.of(
            Command.Kind.READ,
            word("GAMUT"),
            word("HISTORY"),
            bytes(key),
            word("COUNT"),
            word(Integer.toString(count))),
        answer -> {
          printer.print(Told.of(answer.value()), told -> new Recent(told).text());
          return 0;
        });
  }
}
