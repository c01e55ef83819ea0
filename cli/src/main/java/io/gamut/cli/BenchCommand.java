package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    description = "Measure a part of Gamut on this machine.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "PART",
    subcommands = {LedgerBenchmarkCommand.class, CatchUpBenchmarkCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {"  gamut bench ledger", "  gamut bench catch-up --megabytes 5000"})
final class BenchCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "what is to be measured is missing: ledger or catch-up");
  }
}
