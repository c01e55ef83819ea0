package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is to be made.
 *
 * @param boundNanos at {@code bounded}, how old the state may be, in whole milliseconds; else 0
 * @param steps as they are asked for: what they are to return is null. Lives are in whole
 *     milliseconds. If one of several is a compare-and-set, all of those that write are
 */
public record Planned(Consistency level, long boundNanos, List<Step> steps) {
  /** Throws {@link IllegalArgumentException} if there is no step. */
  public Planned {
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a request without steps");
    }
    steps = List.copyOf(steps);
  }

  private static Planned one(Consistency level, Step step) {
    return new Planned(level, 0, List.of(step));
  }

  static Planned read(Consistency level, String key) {
    return one(level, read(key));
  }

  static Planned write(Consistency level, String key, String value) {
    return one(level, write(key, value));
  }

  static Planned delete(Consistency level, String key) {
    return one(level, Step.of(Kind.DELETE, key, null, null));
  }

  static Planned add(Consistency level, String key) {
    return one(level, new Step(Kind.ADD, key, null, "1", null, 0));
  }

  static Planned append(Consistency level, String key, String element) {
    return one(level, new Step(Kind.APPEND, key, null, element, null, 0));
  }

  static Planned compareAndSet(Consistency level, String key, String expected, String value) {
    return one(level, compareAndSet(key, expected, value));
  }

  static Planned expiring(Consistency level, String key, String value, long lifeNanos) {
    return one(level, new Step(Kind.WRITE, key, value, null, null, lifeNanos));
  }

  /** All at one moment. */
  static Planned together(List<Step> steps) {
    return new Planned(Consistency.LINEARIZABLE, 0, steps);
  }

  static Step read(String key) {
    return Step.of(Kind.READ, key, null, null);
  }

  static Step write(String key, String value) {
    return Step.of(Kind.WRITE, key, value, null);
  }

  /**
   * A step.
   *
   * @param expected null if the key must not be there
   */
  static Step compareAndSet(String key, @Nullable String expected, String value) {
    return new Step(Kind.COMPARE_AND_SET, key, value, expected, null, 0);
  }

  Planned within(long nanos) {
    return new Planned(level, nanos, steps);
  }
}
