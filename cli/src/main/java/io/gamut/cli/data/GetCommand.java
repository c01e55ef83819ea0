package io.gamut.cli.data;

import io.gamut.cli.data.Printer.Row;
import io.gamut.client.Command;
import io.gamut.client.Handle;
import java.util.List;
import picocli.CommandLine.Parameters;

/** {@code gamut get}. */
@picocli.CommandLine.Command(
    name = "get",
    description = "Print the values of keys. Exit status 1 if one of them has none.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut get greeting",
      "  gamut get --level eventual --output json a b c",
      "  gamut get photo > photo.jpg"
    })
public final class GetCommand extends DataCommand {
  @Parameters(paramLabel = "KEY", arity = "1..*", description = "Keys, as UTF-8.")
  private List<String> keys = List.of();

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    int exit = 0;
    for (String key : keys) {
      exit =
          Math.max(
              exit,
              ask(
                  cluster,
                  Command.get(bytes(key)),
                  found -> {
                    printer.print(
                        Row.ofValue(bytes(key), found.value().orElse(null), found.receipt()));
                    if (found.value().isEmpty()) {
                      say(shown(key) + ": ERR_KEY there is no such key");
                    }
                    return found.value().isEmpty() ? EXIT_NO : 0;
                  }));
    }
    return exit;
  }
}
