package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

final class GamutTest {
  @TempDir private Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private CommandLine commandLine(Map<String, String> environment, String... args) {
    CommandLine commandLine = Gamut.commandLine(new Settings(environment, args));
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine;
  }

  private int run(String... args) {
    return commandLine(Map.of(), args).execute(args);
  }

  private static Object value(CommandLine commandLine, String option, String... args) {
    OptionSpec found = commandLine.parseArgs(args).subcommand().commandSpec().findOption(option);
    return found == null ? "no such option" : found.getValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "node",
        "shell",
        "lab",
        "lab-script",
        "simulate",
        "verify",
        "completion",
        "version"
      })
  void everyCommandExplainsItselfWithExamples(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: gamut " + command, "Example", "gamut " + command);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void printsVersionAndCompletion() {
    assertThat(run("--version")).isZero();
    assertThat(run("version")).isZero();
    assertThat(out.toString()).contains("gamut ", "Java ");
    assertThat(run("completion")).isZero();
    assertThat(out.toString()).contains("simulate", "--durability", "shell", "--history");
  }

  @Test
  void listsAllFaultsOfACommandLineAtOnce() {
    int status = run("node", "--id", "x", "--listen", "nowhere", "--durability", "some", "--lbA");
    assertThat(status).isEqualTo(2);
    assertThat(err.toString())
        .contains("--id", "'x'", "--data", "nowhere", "fsync, interval, none", "--lbA")
        .contains("Help: gamut node --help")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up --servers 0",
        "up --servers many",
        "up --resp-port 70000",
        "lab no-such-file.lab",
        "lab --clients no-such-file.txt",
        "lab --servers 0",
        "shell --lab --servers 65",
        "shell --level strongest",
        "lab --warm-up -1",
        "lab --embedded --warm-up 5",
        "lab-script forest",
        "simulate --seeds 0",
        "simulate --what everything",
        "verify",
        "verify --history h --search-memory 0",
        "verify --history h --promise eternity",
        "verify --history h --output xml",
        "node --id 70000 --data d",
        "node --id 1 --data d --wait -1",
        "node --id 1 --data d --warm-up 60001",
        "node --id 1 --data d --default-level strongest",
        "frobnicate",
      })
  void aWrongCommandLineIsStatusTwo(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).startsWith("gamut").contains("Help: gamut");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void withoutACommandItSaysThatOneIsMissing() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("a command is missing");
  }

  @Test
  void commandLineGoesBeforeEnvironmentBeforeFile() throws Exception {
    Path file = directory.resolve("gamut.properties");
    Files.writeString(file, "resp-port=1000\nup.servers=4\nservers=9\ndurability=none\n");
    Map<String, String> environment = Map.of("GAMUT_RESP_PORT", "2000", "GAMUT_DATA", "elsewhere");
    String[] args = {"up", "--data", "here", "--config", file.toString()};
    assertThat(value(commandLine(environment, args), "--data", args)).hasToString("here");
    assertThat(value(commandLine(environment, args), "--resp-port", args)).isEqualTo(2000);
    assertThat(value(commandLine(environment, args), "--servers", args)).isEqualTo(4);
    assertThat(value(commandLine(environment, args), "--durability", args)).hasToString("none");
    assertThat(value(commandLine(environment, args), "--default-level", args))
        .hasToString("linearizable");
  }

  @Test
  void aFaultSaysWhereItsValueCameFrom() throws Exception {
    Path file = directory.resolve("gamut.properties");
    Files.writeString(file, "up.servers=lots\nno-such-thing=1\n");
    String[] args = {"up", "--config=" + file};
    assertThat(commandLine(Map.of("GAMUT_RESP_PORT", "none"), args).execute(args)).isEqualTo(2);
    assertThat(err.toString())
        .contains("(from GAMUT_RESP_PORT)")
        .contains("(from up.servers in " + file + ")")
        .contains("no option is called 'no-such-thing'");
  }

  @Test
  void aMissingConfigurationFileIsAFault() {
    assertThat(run("version", "--config", directory.resolve("absent").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--config");
  }
}
