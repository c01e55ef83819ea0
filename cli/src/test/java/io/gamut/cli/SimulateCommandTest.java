package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.simulator.Simulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

final class SimulateCommandTest {
  private final StringWriter out = new StringWriter();

  private CommandLine commandLine(String line) {
    String[] args = line.split(" ", -1);
    CommandLine commandLine = Gamut.commandLine(new Settings(Map.of(), args));
    return commandLine.setOut(new PrintWriter(out, true));
  }

  @ParameterizedTest
  @CsvSource({"all,WEAK LEDGER CLUSTER", "Weak,WEAK", "ledger,LEDGER", "both,''"})
  void aWordNamesWorlds(String word, String worlds) {
    List<String> named = SimulatedWorld.named(word).stream().map(Enum::name).toList();
    assertThat(String.join(" ", named)).isEqualTo(worlds);
  }

  @ParameterizedTest
  @CsvSource({"'',all", "--what weak,weak", "--what ledger,ledger", "--what cluster,cluster"})
  void nothingIsPrintedWhenNoPromiseIsBroken(String option, String what) {
    String line = ("simulate --seeds 3 --seed 7 " + option).strip();
    assertThat(commandLine(line).execute(line.split(" ", -1))).as(what).isZero();
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(SimulatedWorld.class)
  void aReportEndsWithTheCommandThatReplaysIt(SimulatedWorld world) {
    Simulator.Failure failure =
        new Simulator.Failure(42, "one leader a term", List.of("Cut"), List.of("heard"));
    List<String> lines = SimulateCommand.report(new SimulateCommand.Found(world, failure));
    String replay = "Replay: ./gamut simulate --what " + world.word() + " --seed 42";
    assertThat(lines).contains("  Cut", "  heard").endsWith(replay);
    assertThat(lines.getFirst()).contains("seed 42", "one leader a term");
    String[] args = replay.substring(replay.indexOf("simulate")).split(" ", -1);
    assertThat(Gamut.commandLine(new Settings(Map.of(), args)).parseArgs(args).subcommand())
        .isNotNull();
  }

  @Test
  void theHelpSaysWhatCanBeSimulated() {
    assertThat(commandLine("simulate --help").execute("simulate", "--help")).isZero();
    assertThat(out.toString()).contains("--what", "weak", "ledger", "cluster", "all");
  }
}
