package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.HashMap;
import java.util.Map;

/** Registers that are read, and then replaced by compare-and-set where they hold what was read. */
final class CompareAndSets implements Workload {
  private static final int WRITES_PERCENT = 5;

  private final Values values;

  /** What was read last, by key. */
  private final Map<String, String> known = new HashMap<>();

  CompareAndSets(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    String key = values.key();
    String expected = known.remove(key);
    if (expected != null) {
      return Planned.compareAndSet(Consistency.LINEARIZABLE, key, expected, values.unique());
    }
    return values.percent(WRITES_PERCENT)
        ? Planned.write(Consistency.LINEARIZABLE, key, values.unique())
        : Planned.read(Consistency.LINEARIZABLE, key);
  }

  @Override
  public void onAnswered(Request request) {
    Step step = request.steps().getFirst();
    if (request.isOk() && step.kind() != Kind.MISMATCH && step.value() != null) {
      known.put(step.key(), step.value());
    }
  }
}
