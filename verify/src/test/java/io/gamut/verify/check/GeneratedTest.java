package io.gamut.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.verify.check.Linearizability.Span;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Histories of correct registers are accepted, and those that were tampered with are not. */
final class GeneratedTest {
  private static final long BYTES_MAX = 256L << 20;
  private static final int ROUNDS = 3_000;

  @Test
  void whatCorrectRegistersDoIsAccepted() {
    for (int seed = 0; seed < ROUNDS / 10; seed++) {
      History history = History.of(new SimulatedRegisters(seed, 3, 6, 30, 20).run(30));
      assertThat(Linearizability.check(history, BYTES_MAX))
          .as("seed %d", seed)
          .isEqualTo(new Verdict.Holds());
    }
  }

  @Test
  void aLongHistoryOfManySessionsIsJudged() {
    History history = History.of(new SimulatedRegisters(1, 30, 16, 30, 10).run(100_000 / 16));
    assertThat(Linearizability.check(history, BYTES_MAX)).isEqualTo(new Verdict.Holds());
    assertThat(Versions.check(history)).isEqualTo(new Verdict.Holds());
  }

  @Test
  void strongSessionsKeepEveryGuarantee() {
    History history = History.of(new SimulatedRegisters(2, 30, 16, 0, 10).run(100_000 / 16));
    for (SessionGuarantees guarantee : SessionGuarantees.values()) {
      assertThat(guarantee.check(history)).isEqualTo(new Verdict.Holds());
    }
    assertThat(Causality.check(history)).isEqualTo(new Verdict.Holds());
  }

  /** A read gets the value of a write that another one has overwritten before it began. */
  @Test
  void aReadOfAnOverwrittenValueIsRejected() {
    int mutations = 0;
    for (int seed = 0; seed < ROUNDS / 10; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Operation> operations = new SimulatedRegisters(seed, 3, 6, 0, 0).run(30);
      Operation write = operations.get(random.nextInt(operations.size()));
      for (Operation over : operations) {
        if (write.kind() == Kind.WRITE && isOverwritten(write, over)) {
          int chosen = firstReadAfter(over, operations);
          if (chosen >= 0) {
            operations.set(
                chosen,
                SimulatedRegisters.mutated(operations.get(chosen), write.value(), write.version()));
            mutations++;
            assertThat(Linearizability.check(History.of(operations), BYTES_MAX))
                .as("seed %d", seed)
                .isInstanceOf(Verdict.Violated.class);
          }
          break;
        }
      }
    }
    assertThat(mutations).isGreaterThan(ROUNDS / 50);
  }

  private static boolean isOverwritten(Operation write, Operation over) {
    return over.kind() == Kind.WRITE
        && over.key().equals(write.key())
        && over.invoked() > write.responded();
  }

  private static int firstReadAfter(Operation write, List<Operation> operations) {
    for (int i = 0; i < operations.size(); i++) {
      Operation each = operations.get(i);
      if (each.isRead() && each.key().equals(write.key()) && each.invoked() > write.responded()) {
        return i;
      }
    }
    return -1;
  }

  /** A read that goes back behind what its session has met. */
  @Test
  void aReadBehindItsSessionIsRejected() {
    int mutations = 0;
    for (int seed = 0; seed < ROUNDS / 10; seed++) {
      List<Operation> operations = new SimulatedRegisters(seed, 2, 4, 0, 0).run(20);
      operations = new ArrayList<>(History.of(operations).operations());
      int late = operations.size() - 1;
      while (late > 0 && !operations.get(late).isRead()) {
        late--;
      }
      Operation read = operations.get(late);
      Operation met = null;
      Operation earlier = null;
      for (Operation each : operations.subList(0, late)) {
        if (each.key().equals(read.key()) && each.version() != null) {
          met = each.session() == read.session() ? each : met;
          earlier = earlier == null && each.kind() == Kind.WRITE ? each : earlier;
        }
      }
      if (met != null && earlier != null && isAfter(met, earlier)) {
        operations.set(late, SimulatedRegisters.mutated(read, earlier.value(), earlier.version()));
        mutations++;
        History history = History.of(operations);
        assertThat(
                SessionGuarantees.MONOTONIC_READS.check(history).equals(new Verdict.Holds())
                    && SessionGuarantees.READ_YOUR_WRITES
                        .check(history)
                        .equals(new Verdict.Holds()))
            .isFalse();
        assertThat(Causality.check(history)).isInstanceOf(Verdict.Violated.class);
      }
    }
    assertThat(mutations).isGreaterThan(ROUNDS / 50);
  }

  private static boolean isAfter(Operation one, Operation other) {
    return Objects.requireNonNull(one.version()).isAfter(Objects.requireNonNull(other.version()));
  }

  /** Both ways to an answer agree, on histories that are as often wrong as right. */
  @Test
  void theOrderingAndTheSearchAgree() {
    int[] answers = new int[2];
    for (int seed = 0; seed < ROUNDS * 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Operation> operations =
          new SimulatedRegisters(seed, 1, 4, 25, 50).run(1 + random.nextInt(4));
      for (int i = 0; i < operations.size(); i++) {
        Operation each = operations.get(i);
        if (each.isRead() && random.nextInt(3) == 0) {
          Operation other = operations.get(random.nextInt(operations.size()));
          operations.set(i, SimulatedRegisters.mutated(each, other.value(), null));
        }
      }
      List<Span> spans = new ArrayList<>();
      for (Operation each : operations) {
        spans.add(
            new Span(each, each.invoked(), each.level().isWeak() ? Span.OPEN : each.responded()));
      }
      boolean isOrdered = UniqueRegister.check(spans) instanceof Verdict.Holds;
      boolean isFound = LinearizationSearch.check(spans, BYTES_MAX) instanceof Verdict.Holds;
      assertThat(isOrdered).as("seed %d: %s", seed, spans).isEqualTo(isFound);
      answers[isFound ? 1 : 0]++;
    }
    assertThat(answers[0]).isGreaterThan(ROUNDS / 2);
    assertThat(answers[1]).isGreaterThan(ROUNDS);
  }
}
