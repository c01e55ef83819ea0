package io.gamut.cli;

import io.gamut.bench.ledger.LedgerBenchmark;
import io.gamut.cli.launch.JavaCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "ledger",
    description = {
      "Measure the ledger alone: servers as processes that journal, replicate and elect, with"
          + " nothing behind the ledger that would be applied.",
      "Prints a table of operations and linearizable reads a second, what an idle server costs,"
          + " and how long a kill -9 of the leader stops it. Loads of 100-byte operations come from"
          + " inside the server that they measure. Each load lasts --seconds, after a warm-up of"
          + " the same length; all together take two minutes by default."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut bench ledger",
      "  gamut bench ledger --durability interval --seconds 5 --kills 0"
    })
final class LedgerBenchmarkCommand implements Callable<Integer> {
  private static final int SERVERS_MAX = 7;
  private static final int SECONDS_MAX = 3_600;
  private static final int KILLS_MAX = 1_000;

  @Option(
      names = "--servers",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many servers, 2 to 7. Default: ${DEFAULT-VALUE}.")
  private int servers = 3;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "How long each load lasts. Default: ${DEFAULT-VALUE}.")
  private int seconds = 10;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How often a leader is killed, each of a new cluster. Default: ${DEFAULT-VALUE}.")
  private int kills = 5;

  @Mixin private BenchmarkOptions options = new BenchmarkOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.require("--servers", servers, 2, SERVERS_MAX);
    options.require("--seconds", seconds, 1, SECONDS_MAX);
    options.require("--kills", kills, 0, KILLS_MAX);
    Path root = options.makeRoot();
    try {
      LedgerBenchmark benchmark =
          new LedgerBenchmark(
              JavaCommand.lasting(),
              root,
              servers,
              seconds,
              kills,
              options.durability(),
              options::progress);
      options.print(servers + " servers, " + options.durability(), benchmark.run());
      return 0;
    } finally {
      Directories.delete(root);
    }
  }
}
