package io.gamut.trial.fault;

import java.util.Set;

/**
 * Which faults there are, and how often.
 *
 * @param kinds that may happen; empty for none
 * @param periodNanos from one to the next of the same lane, on average
 */
public record FaultSettings(Set<FaultKind> kinds, long periodNanos) {
  /** Throws {@link IllegalArgumentException} if the period is not positive. */
  public FaultSettings {
    if (periodNanos <= 0) {
      throw new IllegalArgumentException("faults every " + periodNanos + " ns");
    }
    kinds = Set.copyOf(kinds);
  }
}
