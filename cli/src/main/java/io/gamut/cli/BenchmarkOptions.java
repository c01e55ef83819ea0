package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.bench.Row;
import io.gamut.storage.journal.Durability;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What all benchmarks can be told, and how they print. */
final class BenchmarkOptions {
  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

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
          "Where to make a directory for the servers' data, which is removed at the end."
              + " Default: the system's for temporary files.")
  private @Nullable Path directory;

  Durability durability() {
    return durability;
  }

  Path makeRoot() throws IOException {
    return directory == null
        ? Files.createTempDirectory("gamut-bench-")
        : Files.createTempDirectory(directory, "gamut-bench-");
  }

  void progress(String step) {
    System.err.println("gamut bench: " + step);
  }

  /** Prints a table as Markdown has them. */
  void print(String title, List<Row> rows) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println("| " + title + " | |");
    out.println("|---|---|");
    for (Row row : rows) {
      out.println("| " + row.what() + " | " + row.figure() + " |");
    }
    out.flush();
  }

  void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          option + " is " + least + " to " + most + ", not " + value);
    }
  }
}
