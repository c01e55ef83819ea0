package io.gamut.verify.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read again; what is wrong is told with its line; torn ends are survived. */
final class HistoryFileTest {
  private static final int ROUNDS = 300;
  private static final String HEADER = "{\"gamut\":\"history\",\"format\":1}\n";
  private static final String INVOKE =
      "{\"invoke\":1,\"session\":0,\"level\":\"causal\",\"at\":5,"
          + "\"steps\":[{\"kind\":\"write\",\"key\":\"k\",\"value\":\"v\"}]}\n";
  private static final String COMPLETE = "{\"complete\":1,\"outcome\":\"ok\",\"at\":9}\n";

  @TempDir private Path directory = Path.of("");

  private static Recording read(byte[] bytes) throws IOException {
    return HistoryReader.read(new ByteArrayInputStream(bytes));
  }

  private static Recording read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] written(Recording recording, String name) throws IOException {
    Path file = directory.resolve(name);
    HistoryRecorder.write(recording, file);
    return Files.readAllBytes(file);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Recording recording = new RandomHistories(seed).recording();
      assertThat(read(written(recording, "h" + seed))).as("seed %d", seed).isEqualTo(recording);
    }
  }

  /** Whatever is left of a file reads as a history in which each request is as it was, or open. */
  @Test
  void aFileThatIsTornAnywhereIsAHistory() throws IOException {
    for (int seed = 0; seed < 5; seed++) {
      Recording whole = new RandomHistories(seed).recording();
      byte[] bytes = written(whole, "torn" + seed);
      Map<Long, Request> requests =
          whole.history().requests().stream()
              .collect(Collectors.toMap(Request::number, Function.identity()));
      int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
      for (int length = header; length < bytes.length - 1; length++) {
        Recording torn = read(Arrays.copyOf(bytes, length));
        assertThat(torn.notes()).as("seed %d, %d bytes", seed, length).isNotEmpty();
        assertThat(torn.history().ends()).isEmpty();
        for (Request request : torn.history().requests()) {
          Request original = Objects.requireNonNull(requests.get(request.number()));
          if (!request.equals(original)) {
            assertThat(request.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(request.isRead()).isFalse();
          }
        }
      }
    }
  }

  @Test
  void aTornLineIsToldAndItsRequestIsUnknown() throws IOException {
    String text = HEADER + INVOKE + COMPLETE;
    Recording whole = read(text.substring(0, text.length() - 1));
    assertThat(whole.history().requests().getFirst().isOk()).isTrue();
    Recording torn = read(text.substring(0, text.length() - 2));
    assertThat(torn.notes()).anyMatch(note -> note.contains("last line, 3, is torn"));
    Request request = torn.history().requests().getFirst();
    assertThat(request.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(request.responded()).isEqualTo(6);
  }

  @Test
  void whatLaterVersionsSayBesideIsPassedOver() throws IOException {
    String later =
        HEADER
            + INVOKE.replace("\"at\"", "\"colour\":{\"deep\":[1,{}]},\"at\"")
            + "{\"weather\":\"rain\"}\n\n"
            + COMPLETE.replace("}", ",\"mood\":1.5}")
            + "{\"end\":1}\n";
    Recording recording = read(later);
    assertThat(recording.history()).isEqualTo(read(HEADER + INVOKE + COMPLETE).history());
    assertThat(recording.notes()).singleElement().asString().startsWith("1 lines of kinds");
  }

  @Test
  void aReadWithoutACompletionIsLeftOut() throws IOException {
    String read = INVOKE.replace("\"write\"", "\"read\"").replace(",\"value\":\"v\"", "");
    assertThat(read(HEADER + read).history().requests()).isEmpty();
  }

  @Test
  void aCompareAndSetTellsThatItDidNotMatch() throws IOException {
    String swap =
        INVOKE
            .replace("\"write\"", "\"compare-and-set\"")
            .replace("\"v\"}", "\"v\",\"argument\":\"u\"}");
    String complete = COMPLETE.replace("}", ",\"steps\":[{\"mismatch\":true}]}");
    Step step = read(HEADER + swap + complete).history().requests().getFirst().steps().getFirst();
    assertThat(step).isEqualTo(new Step(Kind.MISMATCH, "k", null, "u", null, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "invoke|\"at\":5|\"at\":\"5\"|line 2: \"at\" is a whole number",
        "invoke|\"at\":5|\"at\":5.5|line 2: \"at\" is a whole number",
        "invoke|\"at\":5|\"at\":12345678901234567890|line 2: \"at\" is a whole number",
        "invoke|\"at\":5|\"at\":-4611686018427387904|line 2: \"at\" is a moment less than 2^62",
        "invoke|\"at\":5|\"at\":-9223372036854775808|line 2: \"at\" is a moment less than 2^62",
        "complete|9|9223372036854775807|line 3: \"at\" is a moment less than 2^62",
        "invoke|\"at\":5|\"bound\":-1,\"at\":5|line 2: \"bound\" is a number of nanoseconds, and"
            + " not",
        "invoke|\"v\"}|\"v\",\"life\":-1}|line 2: \"life\" is a number of nanoseconds, and not",
        "complete|}|,\"achieved\":\"causal\",\"age\":-2}|line 3: \"age\" is a number of"
            + " nanoseconds",
        "invoke|\"session\":0|\"session\":5000000000|line 2: \"session\" is a whole number of 32",
        "invoke|\"session\":0,||line 2: \"session\" is missing",
        "invoke|causal|strongest|line 2: 'strongest' is no level",
        "invoke|\"write\"|\"wipe\"|line 2: 'wipe' is no kind",
        "invoke|,\"value\":\"v\"||line 2: a write without a value",
        "invoke|[{|[1,{|line 2: \"steps\" is an array of objects",
        "invoke|}]|}|line 2: ",
        "complete|ok|well|line 3: an outcome is ok, failed or unknown",
        "complete|9|5|line 3: request 1 responds before",
        "complete|:1|:2|line 3: request 2 is new",
        "complete|}|,\"steps\":[{},{}]}|line 3: request 1 has 1 steps, and answers to 2",
        "complete|}|,\"steps\":[{\"version\":\"9\"}]}|line 3: '9' is no version",
        "complete|}|,\"steps\":[{\"mismatch\":true}]}|line 3: a mismatch of a write",
        "complete|}|} {}|line 3: a line is one JSON object",
        "complete|}|}~[]|line 4: a line is a JSON object",
        "complete|}|}~{\"complete\":1,\"outcome\":\"ok\",\"at\":9}|line 4: request 1 has completed",
        "complete|}|}~{\"end\":2}|line 4: the history had 2 requests, and 1 are here",
      })
  void whatIsWrongIsToldWithItsLine(String line, String what, String instead, String told) {
    String wrong = instead == null ? "" : instead.replace('~', '\n');
    String text =
        line.equals("invoke")
            ? HEADER + INVOKE.replace(what, wrong) + COMPLETE
            : HEADER + INVOKE + COMPLETE.replace(what, wrong);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageContaining(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|line 1: a history begins with",
        "{}|line 1: a history begins with",
        "{\"gamut\":\"history\",\"format\":2}|line 1: the format is 2",
        "{\"gamut\":\"history\"}|line 1: \"format\" is missing",
        "{\"gamut\":\"hist|line 1: ",
        "SQLite format 3|line 1: ",
      })
  void anotherFileIsNoHistory(String text, String told) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageContaining(told);
  }

  @Test
  void aSessionDoesOneThingAtATime() {
    String second = INVOKE.replace("\"invoke\":1", "\"invoke\":2");
    assertThatThrownBy(() -> read(HEADER + INVOKE + second))
        .hasMessage("line 3: session 0 invokes request 2 before its request 1 has completed");
    assertThatThrownBy(() -> read(HEADER + INVOKE + COMPLETE + second))
        .hasMessage("line 4: session 0 invokes request 2 before its request 1 has completed");
  }

  @Test
  void linesMayBeLongerThanWhatIsReadAtOnce() throws IOException {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      steps.add(Step.of(Kind.WRITE, "k" + i, "v".repeat(50_000 << i), null));
    }
    Request request = new RandomHistories(1).recording().history().requests().getFirst();
    Request large = new Request(1, 2, request.level(), 0, steps, Outcome.UNKNOWN, 3, 4, null);
    Recording recording = new Recording(new History(List.of(large)), Map.of(), Map.of(), List.of());
    assertThat(read(written(recording, "large"))).isEqualTo(recording);
  }
}
