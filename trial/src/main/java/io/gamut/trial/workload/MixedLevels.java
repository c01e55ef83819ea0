package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Request;

/** Reads, writes and deletes at every level, on the same keys. */
final class MixedLevels implements Workload {
  private static final long BOUND_NANOS = 500_000_000;

  private final Values values;
  private final int keys;

  MixedLevels(Values values, int keys) {
    this.values = values;
    this.keys = keys;
  }

  @Override
  public Planned next() {
    Consistency level = values.level(Consistency.values());
    String key = keys == 1 ? values.key(0) : values.key();
    if (values.percent(50)) {
      Planned read = Planned.read(level, key);
      return level == Consistency.BOUNDED ? read.within(BOUND_NANOS) : read;
    }
    Planned change =
        values.percent(10)
            ? Planned.delete(level, key)
            : Planned.write(level, key, values.unique());
    return level == Consistency.BOUNDED ? change.within(BOUND_NANOS) : change;
  }

  @Override
  public void onAnswered(Request request) {
    // It asks whatever the answers are.
  }
}
