package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Request;
import java.util.ArrayDeque;

/**
 * A photo, and a comment on it (Lloyd et al., "Don't Settle for Eventual", SOSP 2011, section 1):
 * sessions write both in this order, read them in the other, and answer what they have read.
 */
final class CausalChains implements Workload {
  private static final int ALBUMS = 6;

  private final Values values;
  private final ArrayDeque<Planned> rest = new ArrayDeque<>();

  CausalChains(Values values) {
    this.values = values;
  }

  @Override
  public Planned next() {
    if (rest.isEmpty()) {
      int album = values.random().nextInt(ALBUMS);
      String photo = values.key(2 * album);
      String comment = values.key(2 * album + 1);
      if (values.percent(40)) {
        rest.add(Planned.write(Consistency.CAUSAL, photo, values.unique()));
        rest.add(Planned.write(Consistency.CAUSAL, comment, values.unique()));
      } else {
        rest.add(Planned.read(Consistency.CAUSAL, comment));
        rest.add(Planned.read(Consistency.CAUSAL, photo));
        if (values.percent(30)) {
          rest.add(Planned.write(Consistency.CAUSAL, comment, values.unique()));
        }
      }
    }
    return rest.remove();
  }

  @Override
  public void onAnswered(Request request) {
    // What comes next depends on nothing that it says: that it is causal is enough.
  }
}
