package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Request;

/** Counters to which ones are added; strong, whatever the level of the session. */
final class Counters implements Workload {
  private final Values values;

  Counters(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    return values.percent(60)
        ? Planned.add(Consistency.LINEARIZABLE, values.key())
        : Planned.read(Consistency.LINEARIZABLE, values.key());
  }

  @Override
  public void onAnswered(Request request) {
    // It asks whatever the answers are.
  }
}
