package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Small histories that are as often wrong as right: whatever was written may be read, whoever could
 * have read it.
 */
final class RandomHistories {
  private static final int SESSIONS = 3;
  private static final List<String> KEYS = List.of("x", "y");

  private final Random random;
  private final boolean hasVersions;
  private final Map<String, List<String>> values = new HashMap<>();
  private final Map<String, Version> versions = new HashMap<>();
  private final Map<String, List<Version>> deletes = new HashMap<>();
  private final Map<String, List<Integer>> stamps = new HashMap<>();
  private List<Kind> kinds = List.of(Kind.READ, Kind.READ, Kind.WRITE);
  private Consistency weakest = Consistency.LINEARIZABLE;
  private int stepsMax = 1;
  private int unknownPercent = 10;
  private boolean areValuesUnique = true;
  private boolean areDeletesMet;
  private int written;

  /**
   * Histories of a seed.
   *
   * @param hasVersions whether receipts tell versions: for each key in some order of its writes
   */
  RandomHistories(long seed, boolean hasVersions) {
    random = new Random(seed);
    this.hasVersions = hasVersions;
  }

  /** Steps are of these kinds. */
  RandomHistories of(Kind... some) {
    kinds = List.of(some);
    return this;
  }

  /** Requests have so many steps at most. */
  RandomHistories withSteps(int most) {
    stepsMax = most;
    return this;
  }

  /** Requests are of this level or of linearizable. */
  RandomHistories atLeast(Consistency level) {
    weakest = level;
    return this;
  }

  /** Values come again. */
  RandomHistories withEqualValues() {
    areValuesUnique = false;
    return this;
  }

  /**
   * Where a delete was met, its version was read; where none was, the key was never written. The
   * outcome of every delete is known.
   */
  RandomHistories withDeletesMet() {
    areDeletesMet = true;
    return this;
  }

  /** Every outcome is known. */
  RandomHistories allKnown() {
    unknownPercent = 0;
    return this;
  }

  /** One of so many requests. */
  History next(int count) {
    int[] sessions = random.ints(count, 0, SESSIONS).toArray();
    long[][] spans = spans(sessions);
    for (String key : KEYS) {
      List<Integer> order = stampsOf(key);
      order.clear();
      for (int i = 1; i <= count * stepsMax; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      valuesOf(key).clear();
      deletesOf(key).clear();
    }
    List<List<Step>> plans = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      plans.add(plan());
    }
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean isRead = plans.get(i).stream().allMatch(step -> step.kind().isRead());
      boolean isKnown =
          isRead
              || (areDeletesMet
                  && plans.get(i).stream().anyMatch(step -> step.kind() == Kind.DELETE));
      Outcome outcome =
          !isKnown && random.nextInt(100) < unknownPercent ? Outcome.UNKNOWN : Outcome.OK;
      List<Step> steps = new ArrayList<>();
      for (Step step : plans.get(i)) {
        steps.add(answered(step, outcome));
      }
      Consistency level = random.nextInt(3) == 0 ? weakest : Consistency.LINEARIZABLE;
      requests.add(
          new Request(i, sessions[i], level, 0, steps, outcome, spans[i][0], spans[i][1], null));
    }
    return new History(requests);
  }

  /** Ends of requests in any order in which those of one session do not overlap. */
  private long[][] spans(int[] sessions) {
    long[][] spans = new long[sessions.length][2];
    int[] busy = new int[SESSIONS];
    Arrays.fill(busy, -1);
    long time = 0;
    int begun = 0;
    int ended = 0;
    while (ended < sessions.length) {
      boolean canBegin = begun < sessions.length && busy[sessions[begun]] < 0;
      int session = random.nextInt(SESSIONS);
      if (canBegin && (random.nextBoolean() || busy[session] < 0)) {
        busy[sessions[begun]] = begun;
        spans[begun++][0] = time++;
      } else if (busy[session] >= 0) {
        spans[busy[session]][1] = time++;
        busy[session] = -1;
        ended++;
      }
    }
    return spans;
  }

  private List<String> valuesOf(String key) {
    return values.computeIfAbsent(key, _ -> new ArrayList<>());
  }

  private List<Version> deletesOf(String key) {
    return deletes.computeIfAbsent(key, _ -> new ArrayList<>());
  }

  private List<Integer> stampsOf(String key) {
    return stamps.computeIfAbsent(key, _ -> new ArrayList<>());
  }

  private List<Step> plan() {
    List<Step> steps = new ArrayList<>();
    int count = 1 + random.nextInt(stepsMax);
    for (int i = 0; i < count; i++) {
      String key = KEYS.get(random.nextInt(KEYS.size()));
      if (steps.stream().anyMatch(step -> step.key().equals(key) && !step.kind().isRead())) {
        continue;
      }
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      String value = null;
      if (kind.writesValue()) {
        value = areValuesUnique ? key + ++written : "" + random.nextInt(3);
        valuesOf(key).add(value);
      }
      Version version = null;
      if (!kind.isRead() && hasVersions) {
        version = Histories.version(stampsOf(key).removeLast());
        versions.put(key + value, version);
        if (kind == Kind.DELETE && areDeletesMet) {
          deletesOf(key).add(version);
        }
      }
      steps.add(new Step(kind, key, value, kind == Kind.ADD ? "1" : null, version, 0));
    }
    return steps;
  }

  private Step answered(Step step, Outcome outcome) {
    String key = step.key();
    return switch (step.kind()) {
      case READ -> {
        String value = outcome == Outcome.OK ? any(key) : null;
        yield Step.of(
            Kind.READ, key, value, value == null ? anyDelete(key) : versions.get(key + value));
      }
      case MISMATCH -> new Step(Kind.MISMATCH, key, null, any(key), null, 0);
      case COMPARE_AND_SET ->
          new Step(Kind.COMPARE_AND_SET, key, step.value(), any(key), seen(step, outcome), 0);
      case ADD ->
          new Step(
              Kind.ADD,
              key,
              outcome == Outcome.OK ? "" + (1 + random.nextInt(3)) : null,
              "1",
              seen(step, outcome),
              0);
      case WRITE, DELETE, APPEND ->
          new Step(step.kind(), key, step.value(), step.argument(), seen(step, outcome), 0);
    };
  }

  private static @Nullable Version seen(Step step, Outcome outcome) {
    return outcome == Outcome.OK ? step.version() : null;
  }

  private @Nullable String any(String key) {
    List<String> written = valuesOf(key);
    int chosen = random.nextInt(written.size() + 1);
    return chosen == written.size() ? null : written.get(chosen);
  }

  private @Nullable Version anyDelete(String key) {
    List<Version> all = deletesOf(key);
    int chosen = random.nextInt(all.size() + 1);
    return chosen == all.size() ? null : all.get(chosen);
  }
}
