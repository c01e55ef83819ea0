package io.gamut.verify.check;

import static io.gamut.verify.history.Kind.ADD;
import static io.gamut.verify.history.Kind.READ;
import static io.gamut.verify.history.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All judges together: what they say of themselves, and what is at the ends of their scales. */
final class JudgeTest {
  private static Verdict judge(History history, String promise) {
    return Judge.DEFAULT.judge(history).getOrDefault(promise, new Verdict.Unknown("no judge"));
  }

  @Test
  void aJudgeThatFailsHidesNoOther() {
    Verdict failed =
        Judge.counting(
                _ -> {
                  throw new IllegalStateException("a bug");
                },
                "read",
                _ -> 0)
            .apply(new Histories().history());
    assertThat(failed).isInstanceOf(Verdict.Unknown.class);
    assertThat(failed.toString())
        .contains("java.lang.IllegalStateException: a bug", JudgeTest.class.getName());
    Verdict endless =
        Judge.counting(JudgeTest::endless, "read", _ -> 0).apply(new Histories().history());
    assertThat(endless.toString()).contains("StackOverflowError");
  }

  @SuppressWarnings("InfiniteRecursion")
  private static Verdict endless(History history) {
    return Verdict.ofAll(List.of(endless(history)));
  }

  @ParameterizedTest
  @CsvSource({
    "linearizability,3",
    "strict serializability,3",
    "sequential consistency,3",
    "bounded staleness,1",
    "causality,4",
    "read your writes,1",
    "monotonic reads,1",
    "monotonic writes,0",
    "writes follow reads,0",
    "level,5",
    "growing lists,0",
    "expiry,0",
    "versions,5",
    "convergence,1",
    "no acknowledged write is lost,1"
  })
  void whatHoldsSaysHowMuchWasWeighed(String promise, long judged) {
    Map<Integer, Map<String, Shown>> ends =
        Map.of(0, Map.of("k", new Shown("a", Histories.version(1))));
    History history =
        new Histories()
            .add(WRITE, 0, "a", 0, 1, 1)
            .add(READ, 1, "a", 2, 3, 1)
            .at(Consistency.BOUNDED)
            .within(10)
            .ofAge(3)
            .add(READ, 1, "a", 4, 5, 1)
            .at(Consistency.CAUSAL)
            .add(READ, 0, "a", 6, 7, 1)
            .at(Consistency.EVENTUAL)
            .add(READ, 0, "a", 8, 9, 1)
            .history(ends);
    assertThat(judge(history, promise))
        .isInstanceOfSatisfying(
            Verdict.Holds.class, holds -> assertThat(holds.judged()).isEqualTo(judged));
  }

  @Test
  void nothingAtAllIsNothingToJudge() {
    Judge.DEFAULT
        .judge(new History(List.of()))
        .forEach((promise, verdict) -> {
          if (verdict instanceof Verdict.Holds holds) {
            assertThat(holds.judged()).as(promise).isZero();
          }
        });
  }

  // Ends of time

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L << 62})
  void whatLivesForEverDoesNotExpire(long life) {
    Step write = new Step(Kind.WRITE, "k", "a", null, Histories.version(1), life);
    for (long begin : new long[] {-(1L << 62) + 1, 0, (1L << 62) - 100}) {
      Histories histories =
          new Histories()
              .add(0, begin, begin + 10, write)
              .add(READ, 0, "a", begin + 20, begin + 30, 1)
              .at(Consistency.BOUNDED)
              .within(life)
              .ofAge(life)
              .add(READ, 0, "a", begin + 40, begin + 50, 1);
      Judge.DEFAULT
          .judge(histories.history())
          .forEach((promise, verdict) ->
              assertThat(verdict).as(promise).isNotInstanceOf(Verdict.Violated.class));
    }
  }

  @Test
  void aBoundThatReachesBeforeTimeAsksForNothing() {
    History history =
        new Histories()
            .add(WRITE, 0, "a", -100, -90, 1)
            .at(Consistency.BOUNDED)
            .within(Long.MAX_VALUE)
            .ofAge(Long.MAX_VALUE)
            .add(READ, 1, null, -95, -80, 0)
            .history();
    assertThat(judge(history, "bounded staleness")).isInstanceOf(Verdict.Holds.class);
    assertThat(judge(history, "linearizability")).isInstanceOf(Verdict.Holds.class);
  }

  // Lists

  private static Step append(String element) {
    return new Step(Kind.APPEND, "k", null, element, null, 0);
  }

  @Test
  void aListWhoseElementsComeAgainIsNotKnown() {
    Histories twice =
        new Histories().add(0, 0, 1, append("a,")).add(0, 2, 3, append("a,")).read(1, "a,a,", 4, 5);
    assertThat(GrowingLists.check(twice.history()).toString())
        .isEqualTo("unknown: an element was appended to a list more than once, at k");
    assertThat(GrowingLists.check(twice.read(1, "a,a,a,", 6, 7).history()))
        .isInstanceOf(Verdict.Violated.class);
  }

  @Test
  void aListWhoseElementsHoldWhatStandsBetweenThemIsNotKnown() {
    Histories divided = new Histories().add(0, 0, 1, append("a,b,")).read(1, "a,b,", 2, 3);
    assertThat(GrowingLists.check(divided.history()).toString())
        .isEqualTo("unknown: an element of a list holds what stands between elements, at k");
    assertThat(GrowingLists.check(divided.read(1, "b,", 4, 5).history()))
        .isInstanceOf(Verdict.Violated.class);
  }

  // What is written down elsewhere

  @Test
  void aReceiptWithoutAnAgeIsJudgedByItsLevel() {
    History history =
        new History(
            List.of(
                Operation.alone(
                        1,
                        1,
                        Consistency.LINEARIZABLE,
                        new Step(ADD, "k", "1", "1", null, 0),
                        Outcome.OK,
                        0,
                        1,
                        new Receipt(Consistency.EVENTUAL, 0, Receipt.AGE_UNKNOWN))
                    .request()));
    assertThat(judge(history, "level").toString())
        .contains("its answer is eventual, and it asked for linearizable");
  }
}
