package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A request that is to be made.
 *
 * @param boundNanos at {@code bounded}, how old the state may be, in whole milliseconds; else 0
 * @param value that is to be written; null if nothing is
 * @param argument that is added, appended or compared with; else null
 * @param lifeNanos of a write, after how long it expires, in whole milliseconds; 0 for never
 */
public record Planned(
    Consistency level,
    long boundNanos,
    Kind kind,
    String key,
    @Nullable String value,
    @Nullable String argument,
    long lifeNanos) {
  static Planned read(Consistency level, String key) {
    return new Planned(level, 0, Kind.READ, key, null, null, 0);
  }

  static Planned write(Consistency level, String key, String value) {
    return new Planned(level, 0, Kind.WRITE, key, value, null, 0);
  }

  static Planned delete(Consistency level, String key) {
    return new Planned(level, 0, Kind.DELETE, key, null, null, 0);
  }

  static Planned add(Consistency level, String key) {
    return new Planned(level, 0, Kind.ADD, key, null, "1", 0);
  }

  static Planned append(Consistency level, String key, String element) {
    return new Planned(level, 0, Kind.APPEND, key, null, element, 0);
  }

  static Planned compareAndSet(Consistency level, String key, String expected, String value) {
    return new Planned(level, 0, Kind.COMPARE_AND_SET, key, value, expected, 0);
  }

  Planned within(long nanos) {
    return new Planned(level, nanos, kind, key, value, argument, lifeNanos);
  }

  Planned expiringAfter(long nanos) {
    return new Planned(level, boundNanos, kind, key, value, argument, nanos);
  }
}
