package io.gamut.storage.update;

import io.gamut.core.Dot;
import java.util.Comparator;

/**
 * One update has overtaken another at their key. Sorted by the one that won, so that all that an
 * origin's updates have overtaken lies together.
 */
record Overtaking(Dot winner, Dot loser) implements Comparable<Overtaking> {
  private static final Comparator<Overtaking> ORDER =
      Comparator.comparing(Overtaking::winner).thenComparing(Overtaking::loser);

  @Override
  public int compareTo(Overtaking other) {
    return ORDER.compare(this, other);
  }
}
