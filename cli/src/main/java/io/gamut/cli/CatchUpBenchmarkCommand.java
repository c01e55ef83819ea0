package io.gamut.cli;

import io.gamut.cli.bench.CatchUpBenchmark;
import io.gamut.cli.script.ScriptException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "catch-up",
    description = {
      "Measure how a server joins a cluster with a large state.",
      "Loads two servers with values of 16 KB, starts a third, and writes to the leader, one"
          + " linearizable write after the other, until the third votes. Prints how long that took,"
          + " the longest time without a write, the most memory of each server, and how much"
          + " of the disk all of them take at the end: several times the size of the state."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = "  gamut bench catch-up --megabytes 5000")
final class CatchUpBenchmarkCommand implements Callable<Integer> {
  private static final int MEGABYTES_MAX = 1_000_000;

  @Option(
      names = "--megabytes",
      paramLabel = "MB",
      defaultValue = "500",
      description = "How much the values have together. Default: ${DEFAULT-VALUE}.")
  private int megabytes = 500;

  @Mixin private BenchmarkOptions options = new BenchmarkOptions();

  @Override
  public Integer call() throws IOException, InterruptedException, ScriptException {
    options.require("--megabytes", megabytes, 1, MEGABYTES_MAX);
    Path root = options.makeRoot();
    try {
      CatchUpBenchmark benchmark =
          new CatchUpBenchmark(
              root, megabytes * 1_000_000L, options.durability(), options::progress);
      options.print("a third server joins two, " + options.durability(), benchmark.run());
      return 0;
    } finally {
      Directories.delete(root);
    }
  }
}
