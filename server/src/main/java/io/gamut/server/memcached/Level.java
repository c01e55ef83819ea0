package io.gamut.server.memcached;

import io.gamut.core.Consistency;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import java.util.Optional;

/**
 * A level as clients write it: {@code causal}, {@code bounded}, {@code bounded:500}.
 *
 * @param boundMillis how old the state may be that a read at {@link Consistency#BOUNDED} is
 *     answered from
 */
record Level(Consistency consistency, int boundMillis) {
  static final int BOUND_MILLIS_DEFAULT = 1_000;

  /** With the default bound. */
  static Level of(Consistency consistency) {
    return new Level(consistency, BOUND_MILLIS_DEFAULT);
  }

  /**
   * Nothing where the text names no level. Throws {@link InvalidDataException} where it does, and
   * what stands behind it makes no sense.
   */
  static Optional<Level> parse(String text) {
    int colon = text.indexOf(':');
    Optional<Consistency> named = Consistency.parse(colon < 0 ? text : text.substring(0, colon));
    if (named.isEmpty() || colon < 0) {
      return named.map(Level::of);
    }
    String bound = text.substring(colon + 1);
    boolean isNumber = bound.matches("\\d{1,6}") && named.get() == Consistency.BOUNDED;
    if (!isNumber || Integer.parseInt(bound) > Limits.WAIT_MILLIS_MAX) {
      throw new InvalidDataException(
          "a bound stands behind bounded, as milliseconds from 0 to "
              + Limits.WAIT_MILLIS_MAX
              + ": bounded:500");
    }
    return Optional.of(new Level(Consistency.BOUNDED, Integer.parseInt(bound)));
  }
}
