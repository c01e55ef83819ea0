package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Request;

/** Registers that are written strongly, and read at every strong level. */
final class Registers implements Workload {
  private static final long BOUND_NANOS = 200_000_000;

  private final Values values;

  Registers(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    if (values.percent(50)) {
      return Planned.write(Consistency.LINEARIZABLE, values.key(), values.unique());
    }
    if (values.percent(60)) {
      return Planned.read(Consistency.LINEARIZABLE, values.key());
    }
    return values.percent(50)
        ? Planned.read(Consistency.SEQUENTIAL, values.key())
        : Planned.read(Consistency.BOUNDED, values.key()).within(BOUND_NANOS);
  }

  @Override
  public void onAnswered(Request request) {
    // It asks whatever the answers are.
  }
}
