package io.gamut.verify.edn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Consistency;
import io.gamut.verify.check.Judge;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.file.MalformedHistoryException;
import io.gamut.verify.file.Recording;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Histories in Jepsen's format mean here what they mean there, and come out as they went in. */
final class EdnHistoryTest {
  private static final String REGISTER =
      """
      {:process 0, :type :invoke, :f :write, :value 1, :time 10, :index 0}
      {:process 1, :type :invoke, :f :read, :value nil, :time 20, :index 1}
      {:process 0, :type :ok, :f :write, :value 1, :time 30, :index 2}
      {:process 1, :type :ok, :f :read, :value 1, :time 40, :index 3}
      {:process 0, :type :invoke, :f :cas, :value [1 2], :time 50, :index 4}
      {:process 0, :type :ok, :f :cas, :value [1 2], :time 60, :index 5}
      {:process 1, :type :invoke, :f :read, :value nil, :time 70, :index 6}
      {:process 1, :type :ok, :f :read, :value %s, :time 80, :index 7}
      """;

  private static Recording read(String text) throws IOException {
    return EdnHistoryReader.read(new StringReader(text), Consistency.LINEARIZABLE);
  }

  private static String written(History history) throws IOException {
    StringWriter out = new StringWriter();
    var _ = EdnHistoryWriter.write(history, out);
    return out.toString();
  }

  private static Verdict judge(String text, String promise) throws IOException {
    Verdict verdict = Judge.DEFAULT.judge(read(text).history()).get(promise);
    return Objects.requireNonNull(verdict);
  }

  @ParameterizedTest
  @CsvSource({"2,true", "1,false", "3,false", "nil,false"})
  void aRegisterIsJudged(String value, boolean isKept) throws IOException {
    Verdict verdict = judge(REGISTER.formatted(value), "linearizability");
    assertThat(verdict instanceof Verdict.Holds).isEqualTo(isKept);
    assertThat(verdict instanceof Verdict.Violated).isEqualTo(!isKept);
  }

  @Test
  void whatIsReadIsWhatStandsThere() throws IOException {
    List<Request> requests = read(REGISTER.formatted("nil")).history().requests();
    assertThat(requests).extracting(Request::number).containsExactly(0L, 1L, 4L, 6L);
    assertThat(requests).extracting(Request::session).containsExactly(0, 1, 0, 1);
    assertThat(requests).extracting(Request::responded).containsExactly(30L, 40L, 60L, 80L);
    assertThat(requests.get(2).steps())
        .containsExactly(new Step(Kind.COMPARE_AND_SET, Steps.REGISTER, "2", "1", null, 0));
    assertThat(requests.get(3).steps())
        .containsExactly(Step.of(Kind.READ, Steps.REGISTER, null, null));
  }

  /**
   * A read that meets the second of two writes at the same key only, and at another one nothing.
   */
  @Test
  void keysAreIndependent() throws IOException {
    History history =
        read("""
        [#jepsen.history.Op{:process 0 :type :invoke :f :write :value [7 1]}
         {:process 0 :type :ok :f :write :value [7 1]}
         {:process 0 :type :invoke :f :cas :value ["x" [nil 4]]}
         {:process 0 :type :ok :f :cas :value ["x" [nil 4]]}
         {:process 0 :type :invoke :f :read :value [8 nil]}
         {:process 0 :type :ok :f :read :value [8 nil]}
         {:process 0 :type :invoke :f :read :value [7 nil]}
         {:process 0 :type :ok :f :read :value [7 1]}]
        """)
            .history();
    assertThat(history.operations()).extracting(Operation::key).containsExactly("7", "x", "8", "7");
    assertThat(history.operations())
        .extracting(Operation::value)
        .containsExactly("1", "4", null, "1");
    assertThat(history.operations().get(1).argument()).isNull();
  }

  @Test
  void withoutTimesTheOrderOfLinesIsKept() throws IOException {
    String text = REGISTER.replaceAll(", :time \\d+, :index \\d+", "").formatted("2");
    assertThat(read(text).history().requests())
        .extracting(Request::invoked)
        .containsExactly(0L, 1L, 4L, 6L);
    String same = REGISTER.replaceAll(":time \\d+", ":time 5").formatted("2");
    assertThat(read(same).history().requests())
        .extracting(Request::responded)
        .containsExactly(7L, 8L, 10L, 12L);
  }

  @Test
  void whatHasNoAnswerIsUnknownAndReadsAreLeftOut() throws IOException {
    Recording recording =
        read(
            """
            {:process 0 :type :invoke :f :write :value 1}
            {:process 0 :type :info :f :write :value 1 :error :timeout}
            {:process 1 :type :invoke :f :read}
            {:process 1 :type :info :f :read}
            {:process 2 :type :invoke :f :write :value 3}
            {:process 2 :type :fail :f :write :value 3}
            {:process :nemesis :type :info :f :start-partition :value [:majority nil]}
            {:process 3 :type :invoke :f :write :value nil}
            {:process 4 :type :invoke :f :txn :value [[:r 1 nil] [:append 1 5]]}
            """);
    List<Request> requests = recording.history().requests();
    assertThat(requests)
        .extracting(Request::outcome)
        .containsExactly(Outcome.UNKNOWN, Outcome.FAILED, Outcome.UNKNOWN, Outcome.UNKNOWN);
    assertThat(requests.get(0).responded()).isEqualTo(1);
    assertThat(requests.get(2).responded()).isEqualTo(9);
    assertThat(requests.get(2).steps().getFirst().kind()).isEqualTo(Kind.DELETE);
    assertThat(requests.get(3).steps())
        .containsExactly(new Step(Kind.APPEND, "1", null, "5,", null, 0));
    assertThat(recording.history().events())
        .singleElement()
        .hasToString("Event[at=6, name=start-partition, detail=:nemesis info [:majority nil]]");
    assertThat(recording.notes()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"'[1 2]',true", "'[2 1]',false", "'[1]',false", "nil,false"})
  void listsAreJudged(String list, boolean isKept) throws IOException {
    String text =
        """
        {:process 0 :type :invoke :f :txn :value [[:append :x 1] [:r :y nil]]}
        {:process 0 :type :ok :f :txn :value [[:append :x 1] [:r :y []]]}
        {:process 0 :type :invoke :f :txn :value [[:append :x 2]]}
        {:process 0 :type :ok :f :txn :value [[:append :x 2]]}
        {:process 0 :type :invoke :f :txn :value [[:r :x nil]]}
        {:process 0 :type :ok :f :txn :value [[:r :x [1 2]]]}
        {:process 1 :type :invoke :f :txn :value [[:r :x nil]]}
        {:process 1 :type :ok :f :txn :value [[:r :x %s]]}
        """
            .formatted(list);
    assertThat(judge(text, "growing lists") instanceof Verdict.Holds).isEqualTo(isKept);
    assertThat(judge(text, "strict serializability") instanceof Verdict.Holds).isEqualTo(isKept);
  }

  /** Two transactions that each miss what the other one wrote: write skew. */
  @Test
  void transactionsOnRegistersAreJudged() throws IOException {
    String text =
        """
        {:process 0 :type :invoke :f :txn :value [[:r 1 nil] [:w 2 20]]}
        {:process 1 :type :invoke :f :txn :value [[:r 2 nil] [:w 1 10]]}
        {:process 0 :type :ok :f :txn :value [[:r 1 nil] [:w 2 20]]}
        {:process 1 :type :ok :f :txn :value [[:r 2 %s] [:w 1 10]]}
        """;
    String skew = text.formatted("nil");
    assertThat(judge(skew, "strict serializability")).isInstanceOf(Verdict.Violated.class);
    assertThat(judge(skew, "linearizability")).isInstanceOf(Verdict.Holds.class);
    assertThat(judge(text.formatted("20"), "strict serializability"))
        .isInstanceOf(Verdict.Holds.class);
  }

  @Test
  void countersAreJudged() throws IOException {
    String text =
        """
        {:process 0 :type :invoke :f :add :value 2}
        {:process 0 :type :ok :f :add :value 2}
        {:process 0 :type :invoke :f :read :value nil}
        {:process 0 :type :ok :f :read :value %s}
        """;
    assertThat(judge(text.formatted(2), "linearizability")).isInstanceOf(Verdict.Holds.class);
    assertThat(judge(text.formatted(3), "linearizability")).isInstanceOf(Verdict.Violated.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{:process 0 :type :ok :f :read}|line 2: process 0 completes what it never invoked",
        "{:process 1 :type :invoke :f :read}|line 2: process 1 goes on after :info",
        "{:process 2 :type :invoke :f :read}|line 2: process 2 invokes before",
        "{:process 5 :type :invoke :f :move}|line 2: :f is :read, :write, :cas, :add or :txn",
        "{:process 5 :type :invoke}|line 2: :f is missing",
        "{:process 5 :f :read}|line 2: :type is missing",
        "{:process 5 :type :odd :f :read}|line 2: :type is :invoke, :ok, :fail or :info",
        "{:type :invoke :f :read}|line 2: :process is missing",
        "{:process -1 :type :invoke :f :read}|line 2: process -1 is no number",
        "{:process 5 :type :invoke :f :cas :value 3}|line 2: a cas has the value [old new]",
        "{:process 5 :type :invoke :f :write :value #{3}}|line 2: sets are not judged",
        "{:process 5 :type :invoke :f :add :value nil}|line 2: :add counts by a number",
        "{:process 5 :type :invoke :f :txn :value [[:w 1]]}|line 2: a step of a :txn is",
        "{:process 5 :type :invoke :f :txn :value [[:inc 1 2]]}|line 2: a step of a :txn is",
        "{:process 5 :type :invoke :f :txn :value []}|line 2: a :txn has at least one",
        "{:process 5 :type :invoke :f :read :time 1.5}|line 2: :time is a whole number",
        "{:process 5 :type :invoke :f :read :index 0}|line 2: index 0 comes behind",
        "[1]|line 2: an operation is a map",
      })
  void whatIsWrongIsToldWithItsLine(String line, String told) {
    String before =
        "{:process 1 :type :invoke :f :read} {:process 1 :type :info :f :read}"
            + " {:process 2 :type :invoke :f :write :value 1}\n";
    assertThatThrownBy(() -> read(before + line))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageContaining(told);
  }

  // What comes out

  @Test
  void whatIsReadIsWrittenAgain() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      String text = random(new SplittableRandom(seed));
      History history = read(text).history();
      String once = written(history);
      assertThat(read(once).history())
          .as("seed %d: %s", seed, text)
          .isEqualTo(renumbered(history, once));
      assertThat(written(read(once).history())).isEqualTo(once);
    }
  }

  /** Indices are given anew where a read was left out. */
  private static History renumbered(History history, String text) throws IOException {
    List<Long> numbers = read(text).history().requests().stream().map(Request::number).toList();
    List<Request> requests = new ArrayList<>();
    for (Request request : history.requests()) {
      requests.add(
          new Request(
              numbers.get(requests.size()),
              request.session(),
              request.level(),
              request.boundNanos(),
              request.steps(),
              request.outcome(),
              request.invoked(),
              request.responded(),
              request.receipt()));
    }
    return new History(requests);
  }

  private static String random(SplittableRandom random) {
    boolean isTransactional = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    @Nullable String[] running = new @Nullable String[4];
    int time = 0;
    for (int i = 0; i < 40; i++) {
      int process = random.nextInt(4);
      time += 1 + random.nextInt(9);
      String value = running[process];
      if (value == null) {
        running[process] = isTransactional ? transaction(random) : single(random);
        text.append(line(process, ":invoke", time, running[process]));
      } else {
        boolean isFailed = !isReading(value) && random.nextInt(5) == 0;
        text.append(line(process, isFailed ? ":fail" : ":ok", time, value));
        running[process] = null;
      }
    }
    for (int process = 0; process < running.length; process++) {
      String value = running[process];
      if (value != null) {
        text.append(line(process, isReading(value) ? ":ok" : ":info", ++time, value));
      }
    }
    return text.toString();
  }

  private static boolean isReading(String operation) {
    return operation.contains(":r ") || operation.contains(":read");
  }

  private static String line(int process, String type, int time, String operation) {
    return "{:process %d :type %s :time %d %s}\n".formatted(process, type, time, operation);
  }

  private static String single(SplittableRandom random) {
    String key = random.nextBoolean() ? "7" : "\"a b\"";
    int value = random.nextInt(100);
    return switch (random.nextInt(5)) {
      case 0 -> ":f :read :value [%s nil]".formatted(key);
      case 1 -> ":f :write :value [%s %d]".formatted(key, value);
      case 2 -> ":f :write :value [%s nil]".formatted(key);
      case 3 -> ":f :cas :value [%s [\"%d x\" %d]]".formatted(key, value, value);
      default -> ":f :add :value [9 %d]".formatted(value);
    };
  }

  private static String transaction(SplittableRandom random) {
    StringBuilder steps = new StringBuilder(":f :txn :value [");
    for (int i = random.nextInt(3); i >= 0; i--) {
      int value = random.nextInt(100);
      steps.append(
          switch (random.nextInt(4)) {
            case 0 -> "[:r 1 nil]";
            case 1 -> "[:r :l nil]";
            case 2 -> "[:append :l %d]".formatted(value);
            default -> "[:w 1 %d]".formatted(value);
          });
    }
    return steps.append(']').toString();
  }

  private static Request request(long number, Consistency level, Outcome outcome, Step... steps) {
    return new Request(
        number, 3, level, 0, List.of(steps), outcome, number * 10, number * 10 + 5, null);
  }

  @Test
  void onlyWhatTheFormatCanSayIsWritten() throws IOException {
    History history =
        new History(
            List.of(
                request(0, Consistency.CAUSAL, Outcome.OK, Step.of(Kind.WRITE, "k", "1", null)),
                request(1, Consistency.CAUSAL, Outcome.OK, Step.of(Kind.READ, "k", "1", null)),
                request(2, Consistency.BOUNDED, Outcome.OK, Step.of(Kind.DELETE, "k", null, null)),
                request(
                    3,
                    Consistency.LINEARIZABLE,
                    Outcome.OK,
                    new Step(Kind.WRITE, "expiring", "01", null, null, 5)),
                request(
                    4,
                    Consistency.LINEARIZABLE,
                    Outcome.OK,
                    new Step(Kind.MISMATCH, "k", null, "1", null, 0)),
                request(
                    5, Consistency.LINEARIZABLE, Outcome.OK, Step.of(Kind.READ, "k", "01", null))));
    StringWriter out = new StringWriter();
    List<String> notes = EdnHistoryWriter.write(history, out);
    assertThat(out)
        .hasToString(
            """
            {:index 0, :type :invoke, :process 3, :f :write, :value ["k" 1], :time 0}
            {:index 1, :type :info, :process 3, :f :write, :value ["k" 1], :time 5}
            {:index 2, :type :invoke, :process 4, :f :write, :value ["k" nil], :time 20}
            {:index 3, :type :ok, :process 4, :f :write, :value ["k" nil], :time 25}
            {:index 4, :type :invoke, :process 4, :f :read, :value ["k" nil], :time 50}
            {:index 5, :type :ok, :process 4, :f :read, :value ["k" "01"], :time 55}
            """);
    assertThat(notes).hasSize(2).first().asString().startsWith("1 keys were left out");
    assertThat(notes.get(1)).startsWith("3 requests were left out");
  }
}
