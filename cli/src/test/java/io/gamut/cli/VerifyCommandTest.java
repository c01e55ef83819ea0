package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class VerifyCommandTest {
  private static final String VERSION = "5.0@00000000000000000000000000000001";

  /** A write by one session, and a read of its value by another one. */
  private static final String HISTORY =
      """
      {"gamut":"history","format":1,"about":{"seed":"7"}}
      {"invoke":1,"session":1,"level":"linearizable","at":10,"steps":[{"kind":"write","key":"k","value":"blue"}]}
      {"complete":1,"outcome":"ok","at":20,"achieved":"linearizable","steps":[{"version":"VERSION"}]}
      {"invoke":2,"session":2,"level":"linearizable","at":30,"steps":[{"kind":"read","key":"k"}]}
      {"complete":2,"outcome":"ok","at":40,"achieved":"linearizable","steps":[{"value":"blue","version":"VERSION"}]}
      {"shown":0,"key":"k","value":"blue","version":"VERSION"}
      {"shown":1,"key":"k","value":"blue","version":"VERSION"}
      {"end":2}
      """
          .replace("VERSION", VERSION);

  private static final String JEPSEN =
      """
      {:process 0, :type :invoke, :f :write, :value 1}
      {:process 0, :type :ok, :f :write, :value 1}
      {:process 1, :type :invoke, :f :read, :value nil}
      {:process 1, :type :ok, :f :read, :value 1}
      """;

  @TempDir private Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Path history, String... options) {
    List<String> args = new ArrayList<>(List.of("verify", "--history", history.toString()));
    args.addAll(List.of(options));
    String[] words = args.toArray(String[]::new);
    CommandLine commandLine = Gamut.commandLine(new Settings(Map.of(), words));
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(words);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void aKeptHistoryIsStatusZero() throws IOException {
    assertThat(run(file("h", HISTORY))).isZero();
    assertThat(out.toString())
        .contains("linearizability", "no acknowledged write is lost", "holds")
        .doesNotContain("VIOLATED", "unknown");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatWasWeighedStandsBesideWhatHolds() throws IOException {
    run(file("h", HISTORY));
    assertThat(out.toString().lines())
        .contains(
            "linearizability                holds  2 operations",
            "convergence                    holds  1 key",
            "growing lists                  holds  nothing to judge");
  }

  @Test
  void aServerThatNobodyHasLookedAtIsStatusThree() throws IOException {
    String three = HISTORY.replace("\"seed\":\"7\"", "\"seed\":\"7\",\"servers\":\"3\"");
    assertThat(run(file("h", three))).isEqualTo(3);
    assertThat(out.toString())
        .containsPattern("convergence +unknown: what 1 of 3 replicas show in the end is missing");
  }

  @Test
  void aBrokenOneIsStatusOneWithWhatShowsIt() throws IOException {
    String stale = HISTORY.replace("{\"value\":\"blue\",\"version\":\"" + VERSION + "\"}]", "{}]");
    assertThat(run(file("h", stale))).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("linearizability +VIOLATED")
        .containsPattern("read your writes +holds")
        .contains(
            "session 2 linearizable read k = (absent)", "session 1 linearizable write k blue");
  }

  @Test
  void replicasThatDifferAreStatusOne() throws IOException {
    String apart =
        HISTORY.replace(
            "\"shown\":1,\"key\":\"k\",\"value\":\"blue\"",
            "\"shown\":1,\"key\":\"k\",\"value\":\"re\\u001bd\"");
    assertThat(run(file("h", apart))).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("convergence +VIOLATED")
        .contains("re\\u001bd")
        .doesNotContain("\u001b");
  }

  @Test
  void whatCannotBeDecidedIsStatusThree() throws IOException {
    String open = HISTORY.substring(0, HISTORY.indexOf("{\"shown\""));
    assertThat(run(file("h", open))).isEqualTo(3);
    assertThat(out.toString()).containsPattern("convergence +unknown: the history does not say");
    assertThat(err.toString()).contains("the recorder was not closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h.edn", "h", "h.txt"})
  void aHistoryOfJepsenIsKnownByItsLooks(String name) throws IOException {
    assertThat(run(file(name, JEPSEN), "--promise", "linearizability")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines("linearizability  holds  2 operations");
    assertThat(run(file(name, JEPSEN.replace("read, :value 1", "read, :value 2")))).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"linearizable,1", "eventual,0"})
  void operationsOfJepsenAreJudgedAtTheLevelThatIsNamed(String level, int status)
      throws IOException {
    String stale = JEPSEN.replace("read, :value 1", "read, :value nil");
    Path file = file("h.edn", stale);
    assertThat(run(file, "--level", level, "--promise", "linearizability")).isEqualTo(status);
  }

  @Test
  void programsGetJson() throws IOException {
    String stale = HISTORY.replace("{\"value\":\"blue\",\"version\":\"" + VERSION + "\"}]", "{}]");
    assertThat(run(file("h", stale), "--output", "json")).isEqualTo(1);
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(out.toString())
        .startsWith("{\"requests\":2,\"about\":{\"seed\":\"7\"},\"notes\":[],\"promises\":[")
        .contains("{\"promise\":\"convergence\",\"verdict\":\"holds\",\"judged\":1}")
        .contains("\"verdict\":\"violated\",\"violations\":[{\"explanation\":")
        .contains("\"request\":2,\"session\":2,\"level\":\"linearizable\",\"kind\":\"read\"")
        .contains("\"status\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "h|{\"gamut\":\"history\",\"format\":2}|line 1: the format is 2",
        "h|hello|line 1: ",
        "h|``|line 1: a history begins with",
        "h.edn|{:type :ok}|line 1: :process is missing",
        "h|{:type|line 1: it ends within a value",
      })
  void whatIsNoHistoryIsStatusTwo(String name, String text, String told) throws IOException {
    assertThat(run(file(name, text))).isEqualTo(2);
    assertThat(err.toString()).startsWith("gamut verify: ").contains(told).doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsStatusTwo() {
    assertThat(run(directory.resolve("absent"))).isEqualTo(2);
    assertThat(err.toString()).contains("absent is not there");
  }

  @Test
  void historiesAreConvertedBothWays() throws IOException {
    Path edn = directory.resolve("out.edn");
    Path lines = directory.resolve("out.jsonl");
    assertThat(run(file("h", HISTORY), "--export-edn", edn.toString())).isZero();
    assertThat(Files.readString(edn))
        .isEqualTo(
            """
            {:index 0, :type :invoke, :process 1, :f :write, :value ["k" "blue"], :time 10}
            {:index 1, :type :ok, :process 1, :f :write, :value ["k" "blue"], :time 20}
            {:index 2, :type :invoke, :process 2, :f :read, :value ["k" nil], :time 30}
            {:index 3, :type :ok, :process 2, :f :read, :value ["k" "blue"], :time 40}
            """);
    assertThat(err.toString()).contains("what the replicas show in the end were left out");
    assertThat(run(edn, "--export", lines.toString())).isZero();
    assertThat(Files.readString(lines))
        .startsWith("{\"gamut\":\"history\",\"format\":1")
        .contains("\"complete\":2,\"outcome\":\"ok\",\"at\":40,\"steps\":[{\"value\":\"blue\"}]")
        .endsWith("{\"end\":2}\n");
    assertThat(run(edn, "--export", lines.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("out.jsonl is there already");
    assertThat(out.toString()).isEmpty();
  }

  /** The lines that docs/history.md shows are a history, in their order. */
  @ParameterizedTest
  @CsvSource({"json,h", "clojure,h.edn"})
  void whatTheDocumentationShowsIsAHistory(String language, String name) throws IOException {
    Path page = Path.of(System.getProperty("gamut.root", "."), "docs", "history.md");
    StringBuilder shown = new StringBuilder();
    boolean isShown = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("```")) {
        isShown = line.equals("```" + language);
      } else if (isShown) {
        shown.append(line).append('\n');
      }
    }
    Path copy = directory.resolve("copy");
    assertThat(run(file(name, shown.toString()), "--export", copy.toString())).isZero();
    assertThat(Files.readAllLines(copy)).hasSizeGreaterThan(3);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theHelpSaysWhatTheStatusMeans() {
    assertThat(run(Path.of("h"), "--help")).isZero();
    assertThat(out.toString()).contains("--export-edn", "Status 0", "table, json", "history, edn");
  }
}
