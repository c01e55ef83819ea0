package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.bench.ledger.LedgerBenchmark;
import io.gamut.cli.launch.JavaCommand;
import io.gamut.storage.journal.Durability;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

  @Spec private @Nullable CommandSpec spec;

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

  @Option(
      names = "--durability",
      paramLabel = "MODE",
      defaultValue = "fsync",
      description = "fsync, interval or none. Default: ${DEFAULT-VALUE}.")
  private Durability durability = Durability.FSYNC;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Where to make a directory for the journals. Default: the system's for temporary files.")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException, InterruptedException {
    require("--servers", servers, 2, SERVERS_MAX);
    require("--seconds", seconds, 1, SECONDS_MAX);
    require("--kills", kills, 0, KILLS_MAX);
    Path root =
        directory == null
            ? Files.createTempDirectory("gamut-bench-")
            : Files.createTempDirectory(directory, "gamut-bench-");
    try {
      LedgerBenchmark benchmark =
          new LedgerBenchmark(
              JavaCommand.lasting(),
              root,
              servers,
              seconds,
              kills,
              durability,
              step -> System.err.println("gamut bench: " + step));
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      out.println("| " + servers + " servers, " + durability + " | |");
      out.println("|---|---|");
      for (LedgerBenchmark.Row row : benchmark.run()) {
        out.println("| " + row.what() + " | " + row.figure() + " |");
      }
      out.flush();
      return 0;
    } finally {
      Directories.delete(root);
    }
  }

  private void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          option + " is " + least + " to " + most + ", not " + value);
    }
  }
}
