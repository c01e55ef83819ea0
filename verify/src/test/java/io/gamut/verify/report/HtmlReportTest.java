package io.gamut.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.verify.check.Judge;
import io.gamut.verify.check.Linearizability;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The page, of runs that are large, hostile or empty. */
final class HtmlReportTest {
  private static final int BYTES_MAX = 2 << 20;
  private static final long MILLI = 1_000_000;
  private static final List<Consistency> LEVELS = List.of(Consistency.values());

  private static String page(HtmlReport report) throws IOException {
    StringBuilder page = new StringBuilder();
    report.appendTo(page);
    return page.toString();
  }

  /** One minute in which a server is killed, and comes back. */
  private static History run(int count) {
    SplittableRandom random = new SplittableRandom(5);
    List<Request> requests = new ArrayList<>(count);
    int sessions = 50;
    for (int i = 0; i < count; i++) {
      long from = (long) (60_000 * MILLI * ((i - i % sessions) / (double) count));
      boolean isDown = from > 20_000 * MILLI && from < 27_000 * MILLI;
      Outcome outcome = isDown && i % 2 == 1 ? Outcome.UNKNOWN : Outcome.OK;
      long took = 1 + (long) ((isDown ? 3 : 1) * 20_000 * Math.exp(random.nextDouble()));
      Step step = Step.of(i % 2 == 1 ? Kind.WRITE : Kind.READ, "k" + i, "v" + i, null);
      Consistency level = LEVELS.get(i % LEVELS.size());
      requests.add(
          new Request(i, i % sessions, level, 0, List.of(step), outcome, from, from + took, null));
    }
    return new History(
        requests,
        List.of(
            new Event(20_000 * MILLI, "kill", "2"),
            new Event(27_000 * MILLI, "restart", "2"),
            new Event(40_000 * MILLI, "cut", "0,1 2,3,4"),
            new Event(41_500 * MILLI, "heal", "")),
        Map.of());
  }

  private static HtmlReport report(History history) {
    Map<String, Verdict> verdicts = Judge.DEFAULT.judge(new History(List.of()));
    return new HtmlReport("A run", history, verdicts, List.of());
  }

  @Test
  void aMillionRequestsMakeASmallPage() throws IOException {
    String page = page(report(run(1_000_000)));
    assertThat(page.length()).isLessThan(BYTES_MAX / 4);
    assertThat(page)
        .contains("1,000,000 requests of 50 sessions")
        .contains("<td>restart<td>2")
        .contains("7.000 s");
    String folder = System.getProperty("gamut.page");
    if (folder != null) {
      Files.writeString(Path.of(folder, "report.html"), page);
    }
  }

  @Test
  void hostileTextsStayTexts() throws IOException {
    String hostile = Diagrams.HOSTILE;
    Operation read =
        Operation.alone(
            1,
            1,
            Consistency.LINEARIZABLE,
            Step.of(Kind.READ, hostile, hostile.repeat(10_000), null),
            Outcome.OK,
            10,
            20,
            null);
    History history =
        new History(
            List.of(read.request()),
            List.of(new Event(15, hostile, hostile.repeat(10_000))),
            Map.of());
    Verdict verdict = Linearizability.check(history, 1L << 20);
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    verdicts.put("linearizability", verdict);
    verdicts.put(hostile, new Verdict.Unknown(hostile.repeat(10_000)));
    Counterexample small =
        new Shrinking(each -> Linearizability.check(each, 1L << 20)).shrink(history);
    String page = page(new HtmlReport(hostile, history, verdicts, List.of(small)));
    assertThat(page)
        .contains("&lt;script&gt;")
        .doesNotContain("<script", "\u0000", "\u001b", "\u202e", "\ud800");
    assertThat(page.length()).isLessThan(BYTES_MAX / 10);
  }

  @Test
  void aRunWithoutRequestsHasAPage() throws IOException {
    assertThat(page(report(new History(List.of()))))
        .contains("0 requests of 0 sessions", "There was nothing to judge.");
  }

  @Test
  void everyPromiseIsExplained() {
    for (String promise : Judge.DEFAULT.judge(new History(List.of())).keySet()) {
      assertThat(Promises.of(promise).meaning()).as(promise).isNotEmpty();
    }
  }

  @Test
  void recoveryIsToldFromTheHealingOn() {
    List<Faults.Fault> faults = Faults.of(run(60_000));
    assertThat(faults.get(0).end()).isEqualTo(27_000 * MILLI);
    assertThat(faults.get(1).recoveryNanos()).isLessThan(100 * MILLI);
    assertThat(faults.get(1).isHealing()).isTrue();
    assertThat(faults.get(2).end()).isEqualTo(41_500 * MILLI);
  }

  /** A server that leaves is gone to the end, unless it leaves after it had joined for a while. */
  @Test
  void whatEndsAFaultBeginsNone() {
    List<Event> events =
        List.of(
            new Event(1, "membership", "one more"),
            new Event(2, "leave", "one more"),
            new Event(3, "leave", "4"));
    List<Faults.Fault> faults = Faults.of(new History(List.of(), events, Map.of()));
    assertThat(faults).extracting(Faults.Fault::end).containsExactly(2L, 2L, Faults.NEVER);
  }
}
