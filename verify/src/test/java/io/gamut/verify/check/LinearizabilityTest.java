package io.gamut.verify.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import org.junit.jupiter.api.Test;

/** Histories by hand; the examples of the papers are among them. */
final class LinearizabilityTest {
  private static final long BYTES_MAX = 64 << 20;

  private static void accept(Histories histories) {
    assertThat(check(histories)).isEqualTo(new Verdict.Holds());
  }

  private static void reject(Histories histories) {
    assertThat(check(histories)).isInstanceOf(Verdict.Violated.class);
  }

  private static Verdict check(Histories histories) {
    return Linearizability.check(histories.history(), BYTES_MAX);
  }

  @Test
  void anEmptyRegisterIsAbsent() {
    accept(new Histories().read(0, null, 0, 10));
    reject(new Histories().read(0, "a", 0, 10));
  }

  @Test
  void aReadBesideAWriteSeesItOrNot() {
    accept(new Histories().write(0, "a", 0, 10).read(1, "a", 2, 4).read(1, "a", 5, 8));
    accept(new Histories().write(0, "a", 0, 10).read(1, null, 2, 4).read(1, "a", 5, 8));
    reject(new Histories().write(0, "a", 0, 10).read(1, "a", 2, 4).read(1, null, 5, 8));
    reject(new Histories().write(0, "a", 0, 10).read(1, null, 11, 12));
    reject(new Histories().write(0, "a", 5, 10).read(1, "a", 2, 4));
  }

  @Test
  void whatWasOverwrittenDoesNotComeBack() {
    Histories two = new Histories().write(0, "a", 0, 10).write(1, "b", 0, 10);
    accept(two.read(2, "a", 11, 12).read(2, "a", 13, 14));
    reject(two.read(2, "b", 15, 16));
    reject(new Histories().write(0, "a", 0, 1).write(0, "b", 2, 3).read(1, "a", 4, 5));
  }

  @Test
  void anExplanationShowsThoseThatContradictEachOther() {
    Histories histories =
        new Histories().write(0, "a", 0, 1).write(0, "b", 2, 3).read(1, "a", 4, 5);
    for (int i = 0; i < 100; i++) {
      histories.write(3, "c" + i, 10 + 4 * i, 11 + 4 * i).read(3, "c" + i, 12 + 4 * i, 13 + 4 * i);
    }
    assertThat(check(histories))
        .isInstanceOfSatisfying(
            Verdict.Violated.class,
            violated -> {
              assertThat(violated.violations()).hasSize(1);
              assertThat(violated.violations().getFirst().operations())
                  .extracting(Operation::value)
                  .containsExactlyInAnyOrder("a", "a", "b");
              assertThat(violated.toString())
                  .contains("linearizability: ")
                  .contains("session 1 linearizable read k = a, ok");
            });
  }

  @Test
  void aWeakWriteTakesEffectWheneverItIsAbsorbed() {
    Histories weak =
        new Histories()
            .at(Consistency.SESSION)
            .write(0, "w", 0, 1)
            .at(Consistency.LINEARIZABLE)
            .write(1, "a", 2, 3)
            .read(1, "a", 4, 5);
    accept(weak);
    accept(weak.read(1, "w", 100, 101));
    accept(weak.read(2, "w", 200, 201));
    reject(weak.read(1, "a", 300, 301));
  }

  @Test
  void weakReadsAreNotJudged() {
    accept(
        new Histories()
            .write(0, "a", 0, 1)
            .write(0, "b", 2, 3)
            .at(Consistency.CAUSAL)
            .read(1, "a", 4, 5)
            .read(1, null, 6, 7));
  }

  @Test
  void anUnknownOutcomeIsOpenAndAFailedOneIsNone() {
    Histories unknown =
        new Histories()
            .with(Outcome.UNKNOWN)
            .write(0, "a", 0, 1)
            .delete(3, 0, 1)
            .with(Outcome.OK)
            .write(1, "b", 2, 3)
            .read(1, "b", 4, 5)
            .read(1, "a", 6, 7)
            .read(1, null, 8, 9);
    accept(unknown);
    reject(unknown.read(1, "a", 10, 11));
    reject(
        new Histories()
            .with(Outcome.FAILED)
            .write(0, "a", 0, 1)
            .with(Outcome.OK)
            .read(1, "a", 2, 3));
  }

  @Test
  void aDeleteMakesAbsent() {
    accept(new Histories().write(0, "a", 0, 1).delete(0, 2, 3).read(0, null, 4, 5));
    reject(new Histories().write(0, "a", 0, 1).delete(0, 2, 3).read(0, "a", 4, 5));
    reject(new Histories().write(0, "a", 0, 1).read(0, null, 4, 5));
  }

  @Test
  void oneDeleteMakesAbsentOnce() {
    Histories histories =
        new Histories()
            .delete(0, 0, 100)
            .write(1, "a", 0, 2)
            .read(1, "a", 3, 4)
            .read(1, null, 5, 6)
            .write(1, "b", 7, 8)
            .read(1, "b", 9, 10);
    accept(histories);
    reject(histories.read(1, null, 11, 12));
    accept(histories.delete(2, 0, 20));
  }

  @Test
  void aReadWithAnAgeMayBeSoFarInThePast() {
    Histories overwritten = new Histories().write(0, "a", 0, 10).write(0, "b", 20, 30);
    accept(overwritten.at(Consistency.BOUNDED).ofAge(15).read(1, "a", 40, 50));
    reject(overwritten.ofAge(5).read(2, "a", 40, 50));
  }

  @Test
  void whatAnIncrementReturnsIsItsSum() {
    Histories counted =
        new Histories().increment(0, "1", 0, 10).increment(1, "2", 0, 10).read(2, "2", 11, 12);
    accept(counted);
    reject(counted.read(3, "1", 13, 14));
    reject(new Histories().increment(0, "1", 0, 1).increment(1, "1", 2, 3));
    accept(
        new Histories()
            .with(Outcome.UNKNOWN)
            .increment(0, null, 0, 1)
            .with(Outcome.OK)
            .write(1, "4", 2, 3)
            .read(1, "4", 4, 5)
            .read(1, "5", 6, 7));
  }

  @Test
  void aCounterThatReadsAsNoNumberIsNone() {
    reject(new Histories().increment(0, "1", 0, 1).read(0, "", 2, 3));
    reject(new Histories().increment(0, "1", 0, 1).read(0, "01", 2, 3));
    reject(new Histories().increment(0, "1", 0, 1).read(0, "١", 2, 3));
  }

  @Test
  void whatCannotBeRememberedIsUndecided() {
    Histories histories = new Histories();
    for (int i = 0; i < 20; i++) {
      histories.increment(i, null, 0, 100);
    }
    for (int i = 0; i < 20; i++) {
      histories.write(20 + i, "" + 100 * i, 0, 100);
    }
    histories.read(50, "none", 200, 201);
    assertThat(Linearizability.check(histories.history(), 1 << 20))
        .isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void aCompareAndSetToNothingDeletes() {
    Histories swapped = new Histories().write(0, "1", 0, 1).swap(0, "1", null, 2, 3);
    accept(swapped.read(1, null, 4, 5));
    reject(swapped.read(1, "1", 6, 7));
    reject(new Histories().write(0, "1", 0, 1).swap(0, "2", null, 2, 3));
  }

  /** What was appended is remembered with each configuration, and is longer than all the rest. */
  @Test
  void listsThatCannotBeRememberedAreUndecided() {
    Histories histories = new Histories();
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 800; i++) {
      list.append('e').append(i).append(',');
      histories.append(0, "e" + i + ",", 10L * i, 10L * i + 5);
    }
    histories.with(Outcome.UNKNOWN);
    for (int i = 0; i < 24; i++) {
      histories.append(10 + i, "u" + i + ",", 7_000 + i, 7_001 + i);
    }
    histories.with(Outcome.OK).read(1, list + "zz,", 10_000, 10_001);
    int bytesMax = 64 << 20;
    Verdict verdict = Linearizability.check(histories.history(), bytesMax);
    assertThat(verdict).isInstanceOf(Verdict.Unknown.class);
    int configurations = Integer.parseInt(verdict.toString().replaceAll("\\D+", " ").strip());
    assertThat((long) configurations * list.length() / 2).isLessThan(bytesMax);
  }

  @Test
  void operationsOfOneSessionDoNotOverlap() {
    Histories overlapping = new Histories().write(0, "a", 0, 10).write(0, "b", 5, 15);
    assertThatThrownBy(overlapping::history).isInstanceOf(IllegalArgumentException.class);
  }
}
