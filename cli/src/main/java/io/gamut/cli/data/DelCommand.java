package io.gamut.cli.data;

import io.gamut.cli.data.Printer.Row;
import io.gamut.client.Command;
import io.gamut.client.Handle;
import java.util.List;
import picocli.CommandLine.Parameters;

/** {@code gamut del}. */
@picocli.CommandLine.Command(
    name = "del",
    description =
        "Delete keys, and print how many of them had values. At a strong level all at one moment.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  gamut del greeting photo")
public final class DelCommand extends DataCommand {
  @Parameters(paramLabel = "KEY", arity = "1..*", description = "Keys, as UTF-8.")
  private List<String> keys = List.of();

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    List<byte[]> all = keys.stream().map(this::bytes).toList();
    return ask(
        cluster,
        Command.delete(all),
        done -> {
          printer.print(Row.ofNumber(all.getFirst(), done.value(), done.receipt()));
          return 0;
        });
  }
}
