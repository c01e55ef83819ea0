package io.gamut.trial.workload;

import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** A few reads and writes of different keys at one moment. */
final class Transactions implements Workload {
  private static final int STEPS_MAX = 4;

  private final Values values;

  Transactions(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    int count = 1 + values.random().nextInt(STEPS_MAX);
    Map<String, Step> steps = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = values.key();
      boolean writes = values.percent(50);
      steps.put(key, writes ? Planned.write(key, values.unique()) : Planned.read(key));
    }
    return Planned.together(new ArrayList<>(steps.values()));
  }

  @Override
  public void onAnswered(Request request) {
    // It asks whatever the answers are.
  }
}
