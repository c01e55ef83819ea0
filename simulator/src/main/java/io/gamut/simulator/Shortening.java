package io.gamut.simulator;

import io.gamut.simulator.Simulator.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out actions of a run that fails, half of them, then a quarter, ..., as long as it still
 * fails (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002). It may
 * then fail in another way; any failure is worth reading.
 */
public final class Shortening {
  private static final int ATTEMPTS_MAX = 400;

  private Shortening() {}

  /** Runs something; null when it does not fail. */
  public interface Attempt<S> {
    @Nullable Failure run(S scenario);
  }

  public static <S, A> Failure shortened(
      S failing,
      Function<S, List<A>> actions,
      BiFunction<S, List<A>, S> withActions,
      Attempt<S> attempt) {
    S best = failing;
    int budget = ATTEMPTS_MAX;
    for (int size = actions.apply(best).size() / 2; size >= 1; size /= 2) {
      int from = 0;
      while (from < actions.apply(best).size() && budget-- > 0) {
        List<A> fewer = new ArrayList<>(actions.apply(best));
        fewer.subList(from, Math.min(from + size, fewer.size())).clear();
        S shorter = withActions.apply(best, fewer);
        if (attempt.run(shorter) != null) {
          best = shorter;
        } else {
          from += size;
        }
      }
    }
    Failure failure = attempt.run(best);
    if (failure == null) {
      throw new IllegalStateException("a run fails only now and then: " + best);
    }
    return failure;
  }
}
