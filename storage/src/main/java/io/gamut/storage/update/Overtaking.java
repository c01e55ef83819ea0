package io.gamut.storage.update;

import io.gamut.core.Dot;
import java.util.Comparator;

/**
 * An update was overtaken, and may be dropped once two are shown by all: the one that won, and then
 * the one that lost. Sorted by the one that is waited for first, so that what an origin's progress
 * allows to be dropped lies together.
 *
 * @param awaited the winner; the loser itself once the winner is shown by all
 */
record Overtaking(Dot awaited, Dot loser) implements Comparable<Overtaking> {
  private static final Comparator<Overtaking> ORDER =
      Comparator.comparing(Overtaking::awaited).thenComparing(Overtaking::loser);

  /** What is left to wait for once the winner is shown by all. */
  Overtaking waitingForLoser() {
    return new Overtaking(loser, loser);
  }

  @Override
  public int compareTo(Overtaking other) {
    return ORDER.compare(this, other);
  }
}
