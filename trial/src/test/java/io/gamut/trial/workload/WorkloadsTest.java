package io.gamut.trial.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.verify.check.Judge;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class WorkloadsTest {
  private static final int SESSIONS = 4;
  private static final int REQUESTS = 500;

  /** One store that does everything at once, with a step for each session in turn. */
  private static List<Request> play(Workloads kind, long seed) {
    Map<String, Held> store = new HashMap<>();
    List<Workload> sessions = new ArrayList<>();
    for (int session = 0; session < SESSIONS; session++) {
      sessions.add(kind.begin(session, "t-", Settings.DEFAULT, new Random(seed + session)));
    }
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS * SESSIONS; i++) {
      Workload workload = sessions.get(i % SESSIONS);
      Planned planned = workload.next();
      Answered answered = answer(planned, store, i);
      Request request =
          new Request(
              i,
              i % SESSIONS,
              planned.level(),
              planned.boundNanos(),
              answered.steps(),
              answered.outcome(),
              10L * i,
              10L * i + 5,
              null);
      requests.add(request);
      workload.onAnswered(request);
    }
    return requests;
  }

  /** What a key holds, and which write it is from; a delete leaves a version too. */
  private record Held(@Nullable String value, Version version) {}

  private record Answered(Outcome outcome, List<Step> steps) {}

  /** All of it, or nothing if it is a comparison of several keys that does not hold. */
  private static Answered answer(Planned planned, Map<String, Held> store, int number) {
    boolean isMet =
        planned.steps().stream()
            .filter(step -> step.kind() == Kind.COMPARE_AND_SET)
            .allMatch(step -> Objects.equals(step.argument(), held(store.get(step.key()))));
    if (planned.steps().size() > 1 && !isMet) {
      return new Answered(Outcome.FAILED, planned.steps());
    }
    return new Answered(
        Outcome.OK, planned.steps().stream().map(step -> answer(step, store, number)).toList());
  }

  private static @Nullable String held(@Nullable Held held) {
    return held == null ? null : held.value();
  }

  private static Step answer(Step planned, Map<String, Held> store, int number) {
    String key = planned.key();
    Held before = store.get(key);
    String held = held(before);
    Kind kind = planned.kind();
    String value = planned.value();
    Version version = new Version(number + 1L, new Origin(1, 1));
    Held after = new Held(value, version);
    switch (kind) {
      case READ -> after = before;
      case WRITE, DELETE -> {
        // They leave what they write.
      }
      case ADD -> after = new Held("" + (1 + (held == null ? 0 : Long.parseLong(held))), version);
      case APPEND -> after = new Held((held == null ? "" : held) + planned.argument(), version);
      case COMPARE_AND_SET -> {
        if (!Objects.equals(planned.argument(), held)) {
          kind = Kind.MISMATCH;
          after = before;
        }
      }
      case MISMATCH -> throw new AssertionError("nobody asks for a mismatch");
    }
    if (after != null) {
      store.put(key, after);
    }
    String answer = after == null || kind == Kind.MISMATCH ? null : after.value();
    return new Step(
        kind,
        key,
        kind == Kind.APPEND ? "" + String.valueOf(answer).length() : answer,
        planned.argument(),
        after == null ? null : after.version(),
        planned.lifeNanos());
  }

  @ParameterizedTest
  @EnumSource
  void whatAStoreThatDoesOneAfterTheOtherAnswersIsAccepted(Workloads kind) {
    History history = new History(play(kind, 7));
    Map<String, Verdict> verdicts = Judge.DEFAULT.judge(history);
    verdicts.keySet().removeAll(Set.of("convergence", "no acknowledged write is lost"));
    assertThat(verdicts)
        .allSatisfy((_, verdict) -> assertThat(verdict).isInstanceOf(Verdict.Holds.class));
  }

  @ParameterizedTest
  @EnumSource
  void valuesAreNeverWrittenTwice(Workloads kind) {
    Set<String> written = new HashSet<>();
    for (Request request : play(kind, 8)) {
      for (Step step : request.steps()) {
        if (step.kind().writesValue()) {
          assertThat(written.add(step.key() + " " + step.value())).isTrue();
        } else if (step.kind() == Kind.APPEND) {
          assertThat(written.add(step.key() + " " + step.argument())).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSeedAsksForTheSame(Workloads kind) {
    assertThat(play(kind, 9)).isEqualTo(play(kind, 9));
  }

  @Test
  void moneyMovesAndStaysTheSame() {
    List<Request> requests = play(Workloads.BANK, 3);
    int transfers = 0;
    for (Request request : requests) {
      transfers += request.isRead() || !request.isOk() ? 0 : 1;
      if (request.isRead()) {
        int sum =
            request.steps().stream().mapToInt(step -> BankTransfers.balance(step.value())).sum();
        assertThat(sum).isEqualTo(request.steps().size() * BankTransfers.balance(null));
      }
    }
    assertThat(transfers).isGreaterThan(100);
  }

  /** What has just been written is there, whether or not the store lets things expire. */
  @Test
  void whatHasExpiredLongAgoIsReadAgain() {
    Map<String, Long> written = new HashMap<>();
    int late = 0;
    for (Request request : play(Workloads.EXPIRY, 5)) {
      String key = request.steps().getFirst().key();
      if (!request.isRead()) {
        written.put(key, request.number());
      } else if (request.number() - written.getOrDefault(key, request.number()) > REQUESTS) {
        late++;
      }
    }
    assertThat(late).isGreaterThan(100);
  }

  @Test
  void everyLevelIsAskedFor() {
    Set<Consistency> levels = new HashSet<>();
    play(Workloads.MIXED, 1).forEach(request -> levels.add(request.level()));
    assertThat(levels).containsExactlyInAnyOrder(Consistency.values());
  }

  @Test
  void namesAreRead() {
    for (Workloads kind : Workloads.values()) {
      assertThat(Workloads.parse(kind.title())).contains(kind);
    }
    assertThat(Workloads.parse("banks")).isEmpty();
  }
}
