package io.gamut.verify.check;

import static io.gamut.verify.history.Kind.ADD;
import static io.gamut.verify.history.Kind.DELETE;
import static io.gamut.verify.history.Kind.READ;
import static io.gamut.verify.history.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Sessions, causality, versions and convergence, on histories by hand. */
final class GuaranteesTest {
  private static Histories at(Consistency level) {
    return new Histories().at(level);
  }

  private static void requireBroken(Verdict verdict, String promise) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Violated.class,
            violated ->
                assertThat(violated.violations())
                    .extracting(Violation::promise)
                    .containsExactly(promise));
  }

  private static void requireKept(Verdict verdict) {
    assertThat(verdict).isEqualTo(new Verdict.Holds());
  }

  // One order of all

  /** What is gone by itself would be a contradiction to a search. */
  @Test
  void aSearchKnowsNothingOfLives() {
    History history =
        new Histories()
            .on("a")
            .add(0, 0, 10, new Step(WRITE, "a", "x", null, null, 1_000))
            .add(READ, 0, "x", 20, 30, 0)
            .add(READ, 0, null, 9_000, 9_010, 0)
            .history();
    assertThat(Serializability.check(history, 1 << 20)).isInstanceOf(Verdict.Unknown.class);
    assertThat(SequentialOrder.check(history, 1 << 20)).isInstanceOf(Verdict.Unknown.class);
  }

  // Sessions

  private static Verdict sessions(History history) {
    List<Verdict> verdicts = new ArrayList<>();
    for (SessionGuarantees guarantee : SessionGuarantees.values()) {
      verdicts.add(guarantee.check(history));
    }
    return Verdict.ofAll(verdicts);
  }

  @Test
  void aSessionReadsItsWritesOrSomethingNewer() {
    Histories own = at(Consistency.SESSION).add(WRITE, 0, "b", 0, 1, 20);
    requireKept(sessions(own.add(READ, 0, "b", 2, 3, 20).history()));
    requireKept(sessions(own.add(READ, 1, "a", 2, 3, 10).history()));
    requireBroken(
        sessions(
            at(Consistency.SESSION)
                .add(WRITE, 0, "b", 0, 1, 20)
                .add(READ, 0, "a", 2, 3, 10)
                .history()),
        "read your writes");
    requireBroken(
        sessions(
            at(Consistency.SESSION)
                .add(DELETE, 0, null, 0, 1, 20)
                .add(READ, 0, null, 2, 3, 0)
                .history()),
        "read your writes");
  }

  @Test
  void aSessionDoesNotReadBackwards() {
    Histories back =
        at(Consistency.SESSION).add(READ, 0, "b", 0, 1, 20).add(READ, 0, "a", 2, 3, 10);
    requireBroken(sessions(back.history()), "monotonic reads");
  }

  @Test
  void itsWritesFollowWhatItHasMet() {
    Histories writes =
        at(Consistency.SESSION).add(WRITE, 0, "b", 0, 1, 20).add(WRITE, 0, "a", 2, 3, 20);
    requireBroken(sessions(writes.history()), "monotonic writes");
    Histories read =
        at(Consistency.CAUSAL).add(READ, 0, "b", 0, 1, 20).add(WRITE, 0, "a", 2, 3, 10);
    requireBroken(sessions(read.history()), "writes follow reads");
  }

  @Test
  void eventualPromisesNoneOfThis() {
    Histories back =
        at(Consistency.EVENTUAL)
            .add(WRITE, 0, "c", 0, 1, 30)
            .add(READ, 0, "b", 2, 3, 20)
            .add(READ, 0, "a", 4, 5, 10);
    requireKept(sessions(back.history()));
  }

  // Causality

  /** Session 0 writes a, session 1 reads it and writes b, session 2 reads b, then a's key. */
  private static Histories chain(Consistency level) {
    return at(level)
        .on("x")
        .add(WRITE, 0, "a", 0, 1, 10)
        .add(READ, 1, "a", 2, 3, 10)
        .on("y")
        .add(WRITE, 1, "b", 4, 5, 20)
        .add(READ, 2, "b", 6, 7, 20)
        .on("x");
  }

  @Test
  void noEffectIsSeenBeforeItsCause() {
    requireKept(Causality.check(chain(Consistency.CAUSAL).add(READ, 2, "a", 8, 9, 10).history()));
    Histories newer = chain(Consistency.CAUSAL).add(WRITE, 3, "c", 2, 3, 15);
    requireKept(Causality.check(newer.add(READ, 2, "c", 8, 9, 15).history()));
    requireBroken(
        Causality.check(chain(Consistency.CAUSAL).add(READ, 2, null, 8, 9, 0).history()),
        "causality");
    requireBroken(
        Causality.check(
            chain(Consistency.CAUSAL)
                .at(Consistency.LINEARIZABLE)
                .add(READ, 2, null, 8, 9, 0)
                .history()),
        "causality");
  }

  @Test
  void whatSessionLevelMetIsNoCause() {
    requireKept(Causality.check(chain(Consistency.SESSION).add(READ, 2, null, 8, 9, 0).history()));
  }

  @Test
  void aCauseReachesThroughSeveralSessionsWhateverTheClocksSay() {
    // The writer's answer is late: others have seen and used its write before.
    Histories late =
        at(Consistency.CAUSAL)
            .on("x")
            .add(WRITE, 0, "a", 0, 100, 10)
            .add(READ, 1, "a", 2, 3, 10)
            .on("y")
            .add(WRITE, 1, "b", 4, 50, 20)
            .add(READ, 2, "b", 6, 7, 20)
            .on("z")
            .add(WRITE, 2, "c", 8, 9, 30)
            .add(READ, 3, "c", 10, 11, 30)
            .on("x")
            .add(READ, 3, null, 12, 13, 0);
    Verdict verdict = Causality.check(late.history());
    requireBroken(verdict, "causality");
    assertThat(verdict.toString()).contains("read z = c").contains("read x = (absent)");
  }

  @Test
  void anUnknownWriteHasCausesToo() {
    Histories unknown =
        at(Consistency.CAUSAL)
            .on("x")
            .add(WRITE, 0, "a", 0, 1, 10)
            .with(Outcome.UNKNOWN)
            .on("y")
            .add(WRITE, 0, "b", 2, 3, 0)
            .with(Outcome.OK)
            .add(READ, 1, "b", 6, 7, 20)
            .on("x")
            .add(READ, 1, null, 8, 9, 0);
    requireBroken(Causality.check(unknown.history()), "causality");
  }

  @Test
  void nothingIsItsOwnCause() {
    Histories circle =
        at(Consistency.CAUSAL)
            .on("x")
            .add(READ, 0, "a", 0, 1, 10)
            .add(READ, 1, "b", 0, 1, 20)
            .add(WRITE, 0, "b", 2, 3, 20)
            .add(WRITE, 1, "a", 2, 3, 10);
    assertThat(Causality.check(circle.history())).isInstanceOf(Verdict.Violated.class);
  }

  // Versions

  @Test
  void aVersionNamesOneWrite() {
    Histories good = new Histories().add(WRITE, 0, "a", 0, 1, 10).add(READ, 1, "a", 2, 3, 10);
    requireKept(Versions.check(good.history()));
    requireBroken(
        Versions.check(
            new Histories().add(WRITE, 0, "a", 0, 1, 10).add(WRITE, 1, "b", 2, 3, 10).history()),
        "versions");
    requireBroken(
        Versions.check(
            new Histories().add(WRITE, 0, "a", 0, 1, 10).add(READ, 1, "a", 2, 3, 11).history()),
        "versions");
  }

  @Test
  void aValueIsReadOnlyIfItWasWritten() {
    requireBroken(
        Versions.check(new Histories().add(READ, 0, "a", 0, 1, 10).history()), "versions");
    Histories failed = new Histories().with(Outcome.FAILED).add(WRITE, 0, "a", 0, 1, 0);
    requireBroken(
        Versions.check(failed.with(Outcome.OK).add(READ, 1, "a", 2, 3, 10).history()), "versions");
    Histories unknown = new Histories().with(Outcome.UNKNOWN).add(WRITE, 0, "a", 2, 3, 0);
    requireBroken(
        Versions.check(unknown.with(Outcome.OK).add(READ, 1, "a", 0, 1, 10).history()), "versions");
    Histories early = new Histories().add(WRITE, 1, "b", 2, 9, 9).add(READ, 0, "b", 3, 5, 9);
    requireKept(Versions.check(early.history()));
  }

  // Convergence

  private static Map<String, Shown> showing(String value, long timestamp) {
    Map<String, Shown> pairs = new TreeMap<>();
    pairs.put("k", new Shown(value, new Version(timestamp, new Origin(1, 1))));
    return pairs;
  }

  @Test
  void replicasEndAlikeAndWithAllThatWasAcknowledged() {
    Histories histories = new Histories().add(WRITE, 0, "a", 0, 1, 10).add(WRITE, 0, "b", 2, 3, 20);
    Map<Integer, Map<String, Shown>> replicas = new TreeMap<>();
    replicas.put(0, showing("b", 20));
    replicas.put(1, showing("b", 20));
    requireKept(Convergence.check(histories.history(replicas), 2));
    requireKept(Durability.check(histories.history(replicas), 2));
    replicas.put(1, showing("c", 30));
    requireBroken(Convergence.check(histories.history(replicas), 2), "convergence");
    requireKept(Durability.check(histories.history(replicas), 2));
    replicas.put(0, showing("a", 10));
    replicas.put(1, showing("b", 20));
    requireBroken(
        Durability.check(histories.history(replicas), 2), "no acknowledged write is lost");
    replicas.put(1, new TreeMap<>());
    assertThat(Convergence.check(histories.history(replicas), 2).toString())
        .contains("replicas show different things");
    assertThat(Convergence.check(histories.history(), 0)).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void whatNobodyHasLookedAtIsNotKnown() {
    Histories histories = new Histories().add(WRITE, 0, "a", 0, 1, 10);
    Map<Integer, Map<String, Shown>> replicas = new TreeMap<>();
    replicas.put(0, showing("a", 10));
    requireKept(Convergence.check(histories.history(replicas), 0));
    requireKept(Convergence.check(histories.history(replicas), 1));
    assertThat(Convergence.check(histories.history(replicas), 3).toString())
        .isEqualTo("unknown: what 2 of 3 replicas show in the end is missing");
    assertThat(Durability.check(histories.history(replicas), 3))
        .isInstanceOf(Verdict.Unknown.class);
    replicas.put(0, showing("a", 9));
    requireBroken(
        Durability.check(histories.history(replicas), 3), "no acknowledged write is lost");
  }

  @Test
  void aSumThatWasNotToldIsNotLostWhateverIsShown() {
    Histories histories = new Histories().add(ADD, 0, null, 0, 1, 10);
    Map<Integer, Map<String, Shown>> replicas = new TreeMap<>();
    replicas.put(0, showing("5", 10));
    requireKept(Durability.check(histories.history(replicas), 0));
    replicas.put(0, showing("5", 9));
    requireBroken(
        Durability.check(histories.history(replicas), 0), "no acknowledged write is lost");
  }
}
