package io.gamut.cli;

import io.gamut.cli.bench.BenchmarkScript;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "lab-script",
    description = {
      "Write a lab script for measurements to standard output.",
      "tree: five servers, 4,026 commands. chain: grows server by server, one is killed and comes"
          + " back; 9,031 commands. large: values of 8 to 10 KB, a partition and a kill; 25,032"
          + " commands, 215 MB. rehearsal: requests of every level, which ./gamut plays after a"
          + " build; 6,018 commands. The same seed writes the same script."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  gamut lab-script tree > tree.lab",
      "  gamut lab --durability interval tree.lab > /dev/null"
    })
final class LabScriptCommand implements Callable<Integer> {
  private static final int BUFFER_BYTES = 256 << 10;

  @Parameters(paramLabel = "SCRIPT", description = "tree, chain, large or rehearsal.")
  private BenchmarkScript script = BenchmarkScript.TREE;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Decides keys and values. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES)) {
      script.writeTo(out, seed);
    }
    return 0;
  }
}
