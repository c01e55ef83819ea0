package io.gamut.verify.report;

import static io.gamut.verify.check.PlantedViolations.step;
import static io.gamut.verify.history.Kind.ADD;
import static io.gamut.verify.history.Kind.COMPARE_AND_SET;
import static io.gamut.verify.history.Kind.READ;
import static io.gamut.verify.history.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.verify.check.Causality;
import io.gamut.verify.check.Convergence;
import io.gamut.verify.check.Linearizability;
import io.gamut.verify.check.PlantedViolations;
import io.gamut.verify.check.Serializability;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.check.Violation;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Violations that are planted in large histories come out alone. */
final class ShrinkingTest {
  private static final int MANY = 100_000;

  private static Verdict linearizability(History history) {
    return Linearizability.check(history, 1L << 20);
  }

  private static Verdict serializability(History history) {
    return Serializability.check(history, 1L << 20);
  }

  private static Counterexample shrink(History history, Function<History, Verdict> check) {
    Counterexample small = new Shrinking(check).shrink(history);
    assertThat(small.isMinimal()).isTrue();
    assertThat(check.apply(small.history())).isInstanceOf(Verdict.Violated.class);
    assertThat(small.violation().toString()).isEqualTo(check.apply(small.history()).toString());
    requireMinimal(small, check, new Sources(history));
    return small;
  }

  /**
   * Without any of its requests, and those that have read from it, it is not broken in this way.
   */
  private static void requireMinimal(
      Counterexample small, Function<History, Verdict> check, Sources sources) {
    for (Request request : small.history().requests()) {
      List<Request> others = new ArrayList<>(small.history().requests());
      others.remove(request);
      Verdict verdict = check.apply(new History(sources.withoutOrphans(others)));
      if (verdict instanceof Verdict.Violated(List<Violation> violations)) {
        assertThat(violations)
            .as("without request %d", request.number())
            .extracting(Shrinking::kind)
            .doesNotContain(Shrinking.kind(small.violation()));
      }
    }
  }

  @Test
  void aStaleReadComesWithItsWriteAndTheOneThatOverwroteIt() {
    History history = new PlantedViolations(MANY).withStaleRead().history();
    Counterexample small = shrink(history, ShrinkingTest::linearizability);
    assertThat(small.history().requests()).hasSize(3);
    assertThat(small.checks()).isLessThan(100);
  }

  @Test
  void aLostUpdateIsTwoAdditionsThatReturnedTheSameSum() {
    PlantedViolations planted = new PlantedViolations(MANY);
    for (int i = 1; i <= 1_000; i++) {
      planted.with(i % 3, 10L * i, step(ADD, "counter", "" + i, 0));
    }
    History history = planted.with(4, 5_000, step(ADD, "counter", "500", 0)).history();
    assertThat(shrink(history, ShrinkingTest::linearizability).history().requests()).hasSize(2);
  }

  /** Reads of lesser sums would be too great as well, had their additions been forgotten. */
  @Test
  void aSumIsTooGreatOnlyIfItIsForAllAdditions() {
    PlantedViolations planted = new PlantedViolations(1_000);
    for (int i = 1; i <= 20; i++) {
      planted.with(1, 10L * i, step(ADD, "counter", "" + i, 0));
    }
    planted.with(4, 5_000, step(READ, "counter", "20", 0));
    History history = planted.with(5, 6_000, step(READ, "counter", "22", 0)).history();
    Counterexample small = new Shrinking(ShrinkingTest::linearizability).shrink(history);
    assertThat(small.history().operations())
        .extracting(operation -> operation.step().toString())
        .containsExactly("add counter 1 = 20", "read counter = 22");
    assertThat(small.violation().explanation()).startsWith("more was added");
  }

  @Test
  void causesAreFollowedThroughThreeSessions() {
    History history =
        new PlantedViolations(MANY)
            .with(0, 10, step(WRITE, "x", "old", 10))
            .with(0, 20, step(WRITE, "x", "new", 20))
            .with(0, 30, step(WRITE, "y", "1", 30))
            .with(1, 40, step(READ, "y", "1", 30))
            .with(1, 50, step(WRITE, "z", "1", 50))
            .with(2, 60, step(READ, "z", "1", 50))
            .with(2, 70, step(READ, "x", "old", 10))
            .history();
    assertThat(shrink(history, Causality::check).history().requests()).hasSize(7);
  }

  @Test
  void aCircleOfOneOverwrittenReadKeepsItsTransactions() {
    History history =
        new PlantedViolations(MANY / 10)
            .with(0, 10, step(WRITE, "x", "1", 10), step(WRITE, "y", "1", 10))
            .with(1, 20, step(WRITE, "x", "2", 20), step(WRITE, "y", "2", 20))
            .with(2, 20, step(READ, "x", "1", 10), step(READ, "y", "2", 20))
            .history();
    Counterexample small = shrink(history, ShrinkingTest::serializability);
    assertThat(small.violation().explanation()).startsWith("G-single");
    assertThat(small.history().requests()).hasSize(3);
  }

  @Test
  void replicasThatDifferNeedNoRequests() {
    Map<Integer, Map<String, Shown>> ends = new TreeMap<>();
    for (int replica = 0; replica < 3; replica++) {
      Map<String, Shown> shown = new TreeMap<>();
      for (int i = 0; i < 100; i++) {
        shown.put("k" + i, new Shown(i == 50 ? "r" + replica : "same", null));
      }
      ends.put(replica, shown);
    }
    History whole = new PlantedViolations(1_000).history();
    History history = new History(whole.requests(), List.of(), ends);
    Counterexample small = new Shrinking(Convergence::check).shrink(history);
    assertThat(small.history().requests()).isEmpty();
    assertThat(small.history().ends().get(0)).containsOnlyKeys("k50");
  }

  @Test
  void theNumberOfChecksIsBounded() {
    History history = new PlantedViolations(1_000).withStaleRead().history();
    Counterexample large =
        new Shrinking(ShrinkingTest::linearizability, 1, () -> false).shrink(history);
    assertThat(large.isMinimal()).isFalse();
    assertThat(large.checks()).isEqualTo(1);
    assertThat(linearizability(large.history())).isInstanceOf(Verdict.Violated.class);
  }

  @Test
  void nothingIsCheckedOnceTheTimeIsOver() {
    History history = new PlantedViolations(1_000).withStaleRead().history();
    int[] asked = new int[1];
    Shrinking shrinking =
        new Shrinking(ShrinkingTest::linearizability, Shrinking.CHECKS_MAX, () -> ++asked[0] > 3);
    Counterexample large = shrinking.shrink(history);
    assertThat(large.isMinimal()).isFalse();
    assertThat(large.checks()).isEqualTo(3);
    assertThat(linearizability(large.history())).isInstanceOf(Verdict.Violated.class);
  }

  /** Each of them has used up the limits of a search. */
  @Test
  void checksThatDoNotEndAreFew() {
    History history = new PlantedViolations(1_000).withStaleRead().history();
    Verdict verdict = linearizability(history);
    Counterexample large =
        new Shrinking(_ -> new Verdict.Unknown("a search has ended")).shrink(history, verdict);
    assertThat(large.isMinimal()).isFalse();
    assertThat(large.checks()).isLessThan(50);
    assertThat(large.history().requests()).hasSameSizeAs(history.requests());
  }

  /** Left out, it may have taken effect as any other write. */
  @Test
  void aCompareAndSetToNothingIsLeftOutLikeADelete() {
    Step swap = new Step(COMPARE_AND_SET, "x", null, "1", null, 0);
    History history =
        new PlantedViolations(100)
            .with(0, 10, step(WRITE, "x", "1", 10))
            .with(0, 20, swap)
            .with(1, 30, step(READ, "x", null, 20))
            .with(0, 40, step(WRITE, "x", "2", 40))
            .with(1, 50, step(READ, "x", "1", 10))
            .history();
    Counterexample small = new Shrinking(ShrinkingTest::linearizability).shrink(history);
    assertThat(small.history().operations())
        .extracting(operation -> operation.step().toString())
        .contains("write x 1", "read x = 1")
        .doesNotContain("read x = (absent)");
  }

  @Test
  void whatKeepsThePromiseIsRefused() {
    History history = new PlantedViolations(1_000).history();
    assertThatThrownBy(() -> new Shrinking(ShrinkingTest::linearizability).shrink(history))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds");
  }
}
