package io.gamut.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Step;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checkers whose definitions are about two operations at a time agree with these. */
final class PairwiseTest {
  private static final int HISTORIES = Integer.getInteger("gamut.histories", 20_000);
  private static final Consistency[] LEVELS = {
    Consistency.EVENTUAL,
    Consistency.SESSION,
    Consistency.CAUSAL,
    Consistency.BOUNDED,
    Consistency.LINEARIZABLE
  };

  /** Operations of three sessions on two keys, one after the other, with any versions. */
  private static History history(long seed) {
    Random random = new Random(seed);
    Histories histories = new Histories();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      Kind kind = List.of(Kind.READ, Kind.READ, Kind.WRITE, Kind.DELETE).get(random.nextInt(4));
      boolean isUnknown = kind != Kind.READ && random.nextInt(8) == 0;
      boolean hasNone = isUnknown || (kind == Kind.READ && random.nextInt(4) == 0);
      Version version = Histories.version(hasNone ? 0 : 1 + random.nextInt(4));
      String value = kind == Kind.DELETE || hasNone ? "v" : "v" + i;
      String key = random.nextBoolean() ? "x" : "y";
      histories
          .at(LEVELS[random.nextInt(LEVELS.length)])
          .within(10)
          .ofAge(random.nextInt(12))
          .with(isUnknown ? Outcome.UNKNOWN : Outcome.OK)
          .add(
              random.nextInt(3),
              10L * i,
              10L * i + 1 + random.nextInt(9),
              Step.of(
                  kind,
                  key,
                  kind == Kind.DELETE || (hasNone && !isUnknown) ? null : value,
                  version));
    }
    return histories.history();
  }

  private static boolean holds(History history, BiPredicate<Operation, Operation> isBroken) {
    List<Operation> operations = history.operations();
    for (Operation one : operations) {
      for (Operation other : operations) {
        if (one.key().equals(other.key()) && isBroken.test(one, other)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isOlder(@Nullable Version version, @Nullable Version than) {
    return than != null && (version == null || than.isAfter(version));
  }

  @Test
  void eachSessionGuaranteeIsAboutTwoOperationsOfASession() {
    for (SessionGuarantees guarantee : SessionGuarantees.values()) {
      boolean isFirstWrite =
          guarantee == SessionGuarantees.READ_YOUR_WRITES
              || guarantee == SessionGuarantees.MONOTONIC_WRITES;
      boolean isSecondRead =
          guarantee == SessionGuarantees.READ_YOUR_WRITES
              || guarantee == SessionGuarantees.MONOTONIC_READS;
      int violated = 0;
      for (int seed = 0; seed < HISTORIES; seed++) {
        History history = history(seed);
        boolean expected =
            holds(
                history,
                (one, other) ->
                    one.session() == other.session()
                        && one.invoked() < other.invoked()
                        && one.isOk()
                        && other.isOk()
                        && one.isAtLeast(Consistency.SESSION)
                        && other.isAtLeast(Consistency.SESSION)
                        && one.isRead() != isFirstWrite
                        && other.isRead() == isSecondRead
                        && (isOlder(other.version(), one.version())
                            || (!isSecondRead
                                && one.version() != null
                                && one.version().equals(other.version()))));
        Verdict verdict = guarantee.check(history);
        if (!(verdict instanceof Verdict.Unknown)) {
          assertThat(verdict instanceof Verdict.Holds).as("seed %d", seed).isEqualTo(expected);
        }
        violated += expected ? 0 : 1;
      }
      assertThat(violated).as(guarantee.promise()).isGreaterThan(HISTORIES / 100);
    }
  }

  @Test
  void stalenessIsAboutAReadAndAWriteThatIsCommittedLongBefore() {
    int violated = 0;
    for (int seed = 0; seed < HISTORIES; seed++) {
      History history = history(seed);
      boolean expected =
          holds(history, PairwiseTest::isStale)
              && holds(
                  history,
                  (one, _) ->
                      one.isRead()
                          && one.level() == Consistency.BOUNDED
                          && one.ageNanos() > one.request().boundNanos());
      Verdict verdict = Staleness.check(history);
      assertThat(verdict instanceof Verdict.Holds).as("seed %d", seed).isEqualTo(expected);
      violated += expected ? 0 : 1;
    }
    assertThat(violated).isBetween(HISTORIES / 100, HISTORIES * 99 / 100);
  }

  private static boolean isStale(Operation write, Operation read) {
    boolean isCommitted = !write.isRead() && write.isOk() && !write.level().isWeak();
    return isCommitted
        && read.isRead()
        && read.level() == Consistency.BOUNDED
        && write.responded() < read.invoked() - read.request().boundNanos()
        && isOlder(read.version(), write.version());
  }
}
