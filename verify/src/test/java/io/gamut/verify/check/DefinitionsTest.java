package io.gamut.verify.check;

import static io.gamut.verify.history.Kind.ADD;
import static io.gamut.verify.history.Kind.COMPARE_AND_SET;
import static io.gamut.verify.history.Kind.DELETE;
import static io.gamut.verify.history.Kind.MISMATCH;
import static io.gamut.verify.history.Kind.READ;
import static io.gamut.verify.history.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The checkers agree with the definitions, on histories of up to six requests of three sessions on
 * two keys. {@code -Dgamut.histories=1000000} tries so many of each.
 */
final class DefinitionsTest {
  private static final int HISTORIES = Integer.getInteger("gamut.histories", 20_000);
  private static final long SEED = Long.getLong("gamut.seed", 1);
  private static final int REQUESTS_MAX = 6;
  private static final long BYTES_MAX = 64 << 20;

  private static void requireAgreement(
      LongFunction<RandomHistories> histories,
      Function<History, Verdict> checker,
      Predicate<History> definition) {
    int[] answers = new int[2];
    for (int i = 0; i < HISTORIES; i++) {
      long seed = SEED * HISTORIES + i;
      History history = histories.apply(seed).next(1 + i % REQUESTS_MAX);
      boolean holds = definition.test(history);
      Verdict verdict = checker.apply(history);
      assertThat(verdict instanceof Verdict.Holds)
          .as("seed %d, %s%n%s", seed, verdict, history.operations())
          .isEqualTo(holds);
      assertThat(verdict).as("seed %d", seed).isNotInstanceOf(Verdict.Unknown.class);
      answers[holds ? 1 : 0]++;
    }
    assertThat(answers[0]).as("violated ones").isGreaterThan(HISTORIES / 20);
    assertThat(answers[1]).as("good ones").isGreaterThan(HISTORIES / 20);
  }

  private static Verdict linearizability(History history) {
    return Linearizability.check(history, BYTES_MAX);
  }

  private static Verdict serializability(History history) {
    return Serializability.check(history, BYTES_MAX);
  }

  private static Verdict sequentialOrder(History history) {
    return SequentialOrder.check(history, BYTES_MAX);
  }

  // Linearizability

  @Test
  void registersWithUniqueValues() {
    requireAgreement(
        seed ->
            new RandomHistories(seed, false)
                .of(READ, READ, WRITE, DELETE)
                .atLeast(Consistency.EVENTUAL),
        DefinitionsTest::linearizability,
        history -> Definitions.isStrictlySerializable(history, false));
  }

  @Test
  void registersWithCompareAndSet() {
    requireAgreement(
        seed -> new RandomHistories(seed, false).of(READ, READ, WRITE, COMPARE_AND_SET, DELETE),
        DefinitionsTest::linearizability,
        history -> Definitions.isStrictlySerializable(history, false));
  }

  @Test
  void registersWhoseValuesComeAgain() {
    requireAgreement(
        seed ->
            new RandomHistories(seed, false)
                .of(READ, WRITE, COMPARE_AND_SET, MISMATCH, DELETE)
                .withEqualValues(),
        DefinitionsTest::linearizability,
        history -> Definitions.isStrictlySerializable(history, false));
  }

  @Test
  void counters() {
    requireAgreement(
        seed -> new RandomHistories(seed, false).of(ADD),
        DefinitionsTest::linearizability,
        history -> Definitions.isStrictlySerializable(history, false));
  }

  // Orders of requests with several steps

  @Test
  void strictSerializabilityWithVersions() {
    requireAgreement(
        seed -> new RandomHistories(seed, true).withSteps(3).allKnown(),
        DefinitionsTest::serializability,
        history -> Definitions.isStrictlySerializable(history, true));
  }

  @Test
  void strictSerializabilityWithVersionsAndUnknownOutcomes() {
    requireAgreement(
        seed -> new RandomHistories(seed, true).atLeast(Consistency.EVENTUAL),
        DefinitionsTest::serializability,
        history -> Definitions.isStrictlySerializable(history, true));
  }

  @Test
  void strictSerializabilityWithoutVersions() {
    requireAgreement(
        seed -> new RandomHistories(seed, false).withSteps(3).of(READ, READ, WRITE, DELETE),
        DefinitionsTest::serializability,
        history -> Definitions.isStrictlySerializable(history, false));
  }

  @Test
  void strictSerializabilityOfWeakWritesWithoutVersions() {
    requireAgreement(
        seed ->
            new RandomHistories(seed, false)
                .withSteps(2)
                .of(READ, READ, WRITE, DELETE, COMPARE_AND_SET)
                .atLeast(Consistency.EVENTUAL),
        DefinitionsTest::serializability,
        history -> Definitions.isStrictlySerializable(history, false));
  }

  @Test
  void strictSerializabilityOfReadsOfThePastWithoutVersions() {
    requireAgreement(
        seed ->
            new RandomHistories(seed, false)
                .withSteps(2)
                .of(READ, READ, WRITE, DELETE)
                .withEqualValues()
                .atLeast(Consistency.SEQUENTIAL),
        DefinitionsTest::serializability,
        history -> Definitions.isStrictlySerializable(history, false));
  }

  @Test
  void sequentialOrderWithVersions() {
    requireAgreement(
        seed -> new RandomHistories(seed, true).withSteps(2).allKnown(),
        DefinitionsTest::sequentialOrder,
        history -> Definitions.isSequential(history, true));
  }

  @Test
  void sequentialOrderWithoutVersions() {
    requireAgreement(
        seed -> new RandomHistories(seed, false).withSteps(2).of(READ, READ, WRITE, DELETE),
        DefinitionsTest::sequentialOrder,
        history -> Definitions.isSequential(history, false));
  }

  @Test
  void sequentialOrderOfCausalWritesWithoutVersions() {
    requireAgreement(
        seed ->
            new RandomHistories(seed, false)
                .withSteps(2)
                .of(READ, READ, WRITE, DELETE, COMPARE_AND_SET)
                .withEqualValues()
                .atLeast(Consistency.CAUSAL),
        DefinitionsTest::sequentialOrder,
        history -> Definitions.isSequential(history, false));
  }

  // Causality

  @Test
  void causalConvergenceWithVersions() {
    requireAgreement(
        seed -> new RandomHistories(seed, true).atLeast(Consistency.SESSION),
        Causality::check,
        history -> Definitions.isCausallyConvergent(history, true));
  }

  @Test
  void causalConvergenceWithVersionsAndDeletes() {
    requireAgreement(
        seed ->
            new RandomHistories(seed, true)
                .of(READ, READ, READ, WRITE, DELETE)
                .withDeletesMet()
                .atLeast(Consistency.SESSION),
        Causality::check,
        history -> Definitions.isCausallyConvergent(history, true));
  }

  @Test
  void causalConvergenceWithoutVersions() {
    requireAgreement(
        seed -> new RandomHistories(seed, false).atLeast(Consistency.SESSION),
        Causality::check,
        history -> Definitions.isCausallyConvergent(history, false));
  }
}
