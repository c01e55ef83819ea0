package io.gamut.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How long histories can be. {@code -Dgamut.operations=1000000} judges so many; a tenth of it where
 * causes are followed.
 */
final class ScaleTest {
  private static final int OPERATIONS = Integer.getInteger("gamut.operations", 200_000);
  private static final int KEYS = 1_000;
  private static final int SESSIONS = 100;
  private static final long BYTES_MAX = 256L << 20;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static History history(int operations, int weakPercent) {
    return History.of(
        new SimulatedRegisters(1, KEYS, SESSIONS, weakPercent, 10).run(operations / SESSIONS));
  }

  private static void require(Verdict verdict, long began) {
    assertThat(verdict).isEqualTo(new Verdict.Holds());
    assertThat(System.nanoTime() - began).isLessThan(LIMIT.toNanos());
  }

  @Test
  @Timeout(300)
  void registersOfManyKeys() {
    History history = history(OPERATIONS, 20);
    long began = System.nanoTime();
    require(Linearizability.check(history, BYTES_MAX), began);
  }

  @Test
  @Timeout(300)
  void oneOrderOfManyRequests() {
    History history = history(OPERATIONS, 20);
    long began = System.nanoTime();
    require(Serializability.check(history, BYTES_MAX), began);
    began = System.nanoTime();
    require(SequentialOrder.check(history, BYTES_MAX), began);
  }

  @Test
  @Timeout(300)
  void causesOfManyOperations() {
    History history = history(OPERATIONS / 10, 0);
    long began = System.nanoTime();
    require(Causality.check(history), began);
  }

  /** Of each weak write, which is a chain of its own where there are no versions, nobody waits. */
  @Test
  @Timeout(300)
  void causesBesideAReadOfWhatWasNeverWritten() {
    List<Operation> operations = new SimulatedRegisters(1, 20, SESSIONS, 30, 10).run(1_000);
    long last = operations.stream().mapToLong(Operation::responded).max().orElseThrow();
    Step never = Step.of(Kind.READ, "never", null, null);
    Step delete = Step.of(Kind.DELETE, "never", null, Histories.version(Long.MAX_VALUE >> 1));
    List<Operation> all = new ArrayList<>(operations);
    all.add(strong(operations.size(), never, last));
    all.add(strong(operations.size() + 1, delete, last + 10));
    History history = History.of(all);
    long began = System.nanoTime();
    require(Causality.check(history), began);
    // Without versions this is too much for a heap of 1 GiB, and is not tried.
    assertThat(CausalPatterns.check(new CausalOrder(history))).isInstanceOf(Verdict.Unknown.class);
  }

  private static Operation strong(int number, Step step, long after) {
    return Operation.alone(
        number, 0, Consistency.LINEARIZABLE, step, Outcome.OK, after + 1, after + 2, null);
  }

  @Test
  @Timeout(300)
  void causesWithoutVersions() {
    History history = history(OPERATIONS / 10, 0);
    CausalOrder order = new CausalOrder(history);
    assertThat(order.violations()).isEmpty();
    long began = System.nanoTime();
    require(CausalPatterns.check(order), began);
  }

  /** Nothing overlaps, so each request has one place only. */
  @Test
  @Timeout(300)
  void requestsWithoutVersionsOneAfterTheOther() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < OrderSearch.REQUESTS_MAX; i += 2) {
      String key = "k" + i / 2 % 100;
      operations.add(strong(i, Step.of(Kind.WRITE, key, "v" + i, null), 10L * i));
      operations.add(strong(i + 1, Step.of(Kind.READ, key, "v" + i, null), 10L * i + 10));
    }
    History history = History.of(operations);
    long began = System.nanoTime();
    require(Serializability.check(history, BYTES_MAX), began);
    began = System.nanoTime();
    require(SequentialOrder.check(history, BYTES_MAX), began);
    operations.add(strong(operations.size(), Step.of(Kind.WRITE, "k", "v", null), 1L << 40));
    assertThat(Serializability.check(History.of(operations), BYTES_MAX))
        .isInstanceOf(Verdict.Unknown.class);
  }

  /**
   * Each of many transactions overlaps others, and one read is of nobody's: it takes all orders.
   */
  @Test
  @Timeout(300)
  void aSearchThatLeadsNowhereEnds() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Step step =
          i % 2 == 0
              ? new Step(Kind.APPEND, "k" + i % 7, null, "e" + i + ",", null, 0)
              : Step.of(Kind.WRITE, "other" + i % 5, "v" + i, null);
      operations.add(
          Operation.alone(
              i, i, Consistency.LINEARIZABLE, step, Outcome.OK, i, 10L * i + 500, null));
    }
    operations.add(strong(2_000, Step.of(Kind.READ, "k0", "nobody's", null), 30_000));
    History history = History.of(operations);
    long began = System.nanoTime();
    assertThat(Serializability.check(history, BYTES_MAX)).isInstanceOf(Verdict.Unknown.class);
    assertThat(SequentialOrder.check(history, BYTES_MAX)).isInstanceOf(Verdict.Unknown.class);
    assertThat(System.nanoTime() - began).isLessThan(2 * LIMIT.toNanos());
  }
}
