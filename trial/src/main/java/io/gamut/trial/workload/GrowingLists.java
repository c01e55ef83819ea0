package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Request;
import java.util.HashMap;
import java.util.Map;

/** Lists that grow, each to a limited length; then another one begins. */
final class GrowingLists implements Workload {
  private static final int LISTS = 4;
  private static final int LENGTH_MAX = 8_000;

  private final Values values;

  /** Per place, how many lists there were; all sessions change at about the same time. */
  private final Map<Integer, Integer> generations = new HashMap<>();

  private int place;

  GrowingLists(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    place = values.random().nextInt(LISTS);
    String key = values.key(place) + "-" + generations.getOrDefault(place, 0);
    String element = values.unique() + io.gamut.verify.check.GrowingLists.END;
    if (values.percent(50)) {
      return Planned.append(Consistency.LINEARIZABLE, key, element);
    }
    return Planned.read(values.level(Consistency.LINEARIZABLE, Consistency.SEQUENTIAL), key);
  }

  @Override
  public void onAnswered(Request request) {
    String list = request.steps().getFirst().value();
    if (request.isRead() && list != null && list.length() > LENGTH_MAX) {
      generations.merge(place, 1, Integer::sum);
    }
  }
}
