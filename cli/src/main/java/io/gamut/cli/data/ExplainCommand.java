package io.gamut.cli.data;

import io.gamut.client.Command;
import io.gamut.client.Handle;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Parameters;

/** {@code gamut explain}. */
@picocli.CommandLine.Command(
    name = "explain",
    description =
        "Show why a key is read as it is. What each replica holds of it and what the session would"
            + " miss there, and what a read at each level would return now, and at what price."
            + " raw and table print the same.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut explain greeting",
      "  gamut explain greeting --level bounded:200",
      "  gamut explain greeting --session TOKEN --output json"
    })
public final class ExplainCommand extends DataCommand {
  @Parameters(paramLabel = "KEY", description = "The key, as UTF-8.")
  private String key = "";

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    String last = lastAnswer();
    return ask(
        cluster,
        Command.of(Command.Kind.READ, word("GAMUT"), word("EXPLAIN"), bytes(key)),
        answer -> {
          printer.print(Told.of(answer.value()), told -> new Explanation(told, last).text());
          return 0;
        });
  }

  static byte[] word(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
