package io.gamut.cli.data;

import io.gamut.cli.data.Printer.Row;
import io.gamut.client.Command;
import io.gamut.client.Handle;
import io.gamut.client.Outcome;
import io.gamut.client.ScanPage;
import io.gamut.client.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code gamut scan}. */
@picocli.CommandLine.Command(
    name = "scan",
    description =
        "Print keys, ascending, and their values on request. At a weak level what a server shows;"
            + " at a strong one its committed state, page by page.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  gamut scan --prefix user:", "  gamut scan --values --output json --limit 100"})
public final class ScanCommand extends DataCommand {
  private static final int PAGE = 1_000;

  @Option(names = "--prefix", paramLabel = "P", description = "Only keys that begin so.")
  private String prefix = "";

  @Option(names = "--limit", paramLabel = "N", description = "At most so many keys.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--values", description = "With values, each read by itself.")
  private boolean hasValues;

  private long printed;

  @Override
  int run(Handle cluster, Printer printer) throws Exception {
    byte[] begin = bytes(prefix);
    byte[] after = null;
    int exit = 0;
    boolean isEnd = limit <= 0;
    if (begin.length > 0 && !isEnd) {
      // A page goes on after a key: the prefix itself may be one.
      exit = ask(cluster, Command.get(begin), found -> printFirst(begin, found, printer));
      after = begin;
    }
    while (!isEnd && exit == 0) {
      switch (cluster.outcome(Command.scan(after, PAGE))) {
        case Outcome.Ok<ScanPage>(ScanPage page, var _) -> {
          exit = printPage(page, begin, cluster, printer);
          Value next = page.next();
          after = next == null ? null : next.bytes();
          isEnd = next == null || printed >= limit || !startsWith(next.bytes(), begin);
        }
        case Outcome.Failed<ScanPage>(var fault, String message) -> {
          say(fault + ": " + message);
          exit = EXIT_NO;
        }
        case Outcome.Unknown<ScanPage>(String reason) -> throw new IllegalStateException(reason);
      }
    }
    return exit;
  }

  private int printFirst(
      byte[] key, Outcome.Ok<java.util.Optional<Value>> found, Printer printer) throws Exception {
    if (found.value().isPresent()) {
      print(key, found.value().get(), found, printer);
    }
    return 0;
  }

  private void print(byte[] key, @Nullable Value value, Outcome.Ok<?> how, Printer printer)
      throws Exception {
    printed++;
    if (hasValues) {
      printer.print(Row.ofValue(key, value, how.receipt()));
    } else {
      printer.printKey(key);
    }
  }

  private int printPage(ScanPage page, byte[] begin, Handle cluster, Printer printer)
      throws Exception {
    for (Value each : page.keys()) {
      byte[] key = each.bytes();
      if (printed >= limit || !startsWith(key, begin)) {
        return 0;
      }
      if (hasValues) {
        int exit = ask(cluster, Command.get(key), found -> printFirst(key, found, printer));
        if (exit != 0) {
          return exit;
        }
      } else {
        printed++;
        printer.printKey(key);
      }
    }
    return 0;
  }

  private static boolean startsWith(byte[] key, byte[] begin) {
    return key.length >= begin.length
        && Arrays.equals(key, 0, begin.length, begin, 0, begin.length);
  }
}
