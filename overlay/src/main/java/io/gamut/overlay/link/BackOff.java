package io.gamut.overlay.link;

import io.gamut.overlay.Timing;
import java.util.SplittableRandom;

/**
 * Pauses between dials: doubled from {@link Timing#BACK_OFF_FIRST_MILLIS} to a maximum, each drawn
 * from the upper half of its span, so that many who lost one node do not return in step.
 */
public final class BackOff {
  private final long maxMillis;
  private final SplittableRandom dice;
  private long spanMillis = Timing.BACK_OFF_FIRST_MILLIS;

  public BackOff(long maxMillis, SplittableRandom dice) {
    this.maxMillis = maxMillis;
    this.dice = dice;
  }

  public long nextMillis() {
    long span = spanMillis;
    spanMillis = Math.min(maxMillis, span * 2);
    return span / 2 + dice.nextLong(span / 2 + 1);
  }

  /** A dial succeeded: begin anew. */
  public void reset() {
    spanMillis = Timing.BACK_OFF_FIRST_MILLIS;
  }
}
