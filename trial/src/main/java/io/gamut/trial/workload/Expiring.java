package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Request;

/**
 * Values that expire soon, each at a key of its own, and reads of them: as often as not of those
 * written last, which are there or just going, else of any, most of which must be gone for long.
 */
final class Expiring implements Workload {
  /** More than clocks may be apart: else no answer before its end would be a wrong one. */
  private static final long LIFE_NANOS = 4_000_000_000L;

  private static final int RECENT = 20;

  private final Values values;
  private int written;

  Expiring(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    if (written == 0 || values.percent(20)) {
      String value = values.unique();
      written++;
      return Planned.expiring(Consistency.LINEARIZABLE, key(written), value, LIFE_NANOS);
    }
    int back = values.random().nextInt(values.percent(50) ? Math.min(RECENT, written) : written);
    return Planned.read(Consistency.LINEARIZABLE, key(written - back));
  }

  private String key(int number) {
    return values.own(number);
  }

  @Override
  public void onAnswered(Request request) {
    // It asks whatever the answers are.
  }
}
