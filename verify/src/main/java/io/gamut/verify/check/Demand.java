package io.gamut.verify.check;

import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who still has to meet which values while requests are put into an order, and who may still write
 * them. A value that somebody still has to meet, and nobody can write again, must not be
 * overwritten.
 */
final class Demand {
  /** What a key holds; null for absent. */
  record Value(String key, @Nullable String value) {}

  private static final class Count {
    int readers;
    int writers;
  }

  private final Map<Value, Count> counts = new HashMap<>();

  /** Keys whose values do not follow from single requests: of these nothing is known. */
  private final Set<String> changed = new HashSet<>();

  Demand(List<Request> required, List<Request> optional) {
    for (List<Request> some : List.of(required, optional)) {
      for (Request request : some) {
        request.steps().stream().filter(Demand::isChange).forEach(step -> changed.add(step.key()));
      }
    }
    required.forEach(request -> count(request, true, 1));
    optional.forEach(request -> count(request, false, 1));
  }

  /**
   * Leaves out of those that need not be in an order what writes nothing that anybody has met: an
   * order with such a write in it is one without it too.
   */
  static void removeUnmet(List<Request> required, List<Request> optional) {
    Set<Value> met = new HashSet<>();
    Set<String> open = new HashSet<>();
    for (List<Request> some : List.of(required, optional)) {
      for (Request request : some) {
        for (Step step : request.steps()) {
          Value value = awaited(step);
          if (value != null) {
            met.add(value);
          }
          if (isChange(step) || step.kind() == Kind.MISMATCH) {
            open.add(step.key());
          }
        }
      }
    }
    optional.removeIf(request ->
        request.steps().stream()
            .filter(step -> !step.kind().isRead())
            .noneMatch(step -> open.contains(step.key()) || met.contains(written(step))));
  }

  /** Whether what it leaves depends on what was there. */
  private static boolean isChange(Step step) {
    return step.kind() == Kind.ADD || step.kind() == Kind.APPEND;
  }

  /** What has to be there before a step; null if that is not known. */
  static @Nullable Value awaited(Step step) {
    return switch (step.kind()) {
      case READ -> new Value(step.key(), step.value());
      case COMPARE_AND_SET -> new Value(step.key(), step.argument());
      case WRITE, DELETE, ADD, APPEND, MISMATCH -> null;
    };
  }

  /** What is there after a step that is told what it writes. */
  static Value written(Step step) {
    return new Value(step.key(), step.value());
  }

  /** Takes note that a request is in the order; or, by 1, that it is not any more. */
  void count(Request request, boolean isRequired, int by) {
    List<Step> steps = request.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Value awaited =
          isRequired && !isWritten(steps.subList(0, i), step.key()) ? awaited(step) : null;
      if (awaited != null) {
        counts.computeIfAbsent(awaited, _ -> new Count()).readers += by;
      }
      if (!step.kind().isRead()) {
        counts.computeIfAbsent(written(step), _ -> new Count()).writers += by;
      }
    }
  }

  private static boolean isWritten(List<Step> steps, String key) {
    for (Step step : steps) {
      if (!step.kind().isRead() && step.key().equals(key)) {
        return true;
      }
    }
    return false;
  }

  /** Whether somebody still has to meet a value that nobody can write any more. */
  boolean isMissed(String key, @Nullable String value) {
    Count count = counts.get(new Value(key, value));
    return count != null && count.readers > 0 && count.writers == 0 && !changed.contains(key);
  }
}
