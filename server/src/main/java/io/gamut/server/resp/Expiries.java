package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import java.util.Set;

/** Times of expiry, in the units that commands have them in. */
final class Expiries {
  /** Seconds and milliseconds, from now on and since 1970. */
  static final Set<String> UNITS = Set.of("EX", "PX", "EXAT", "PXAT");

  private Expiries() {}

  /**
   * The milliseconds since 1970 that a positive time stands for, by this server's clock.
   *
   * @param arguments of the command that it is for
   */
  static long millis(String unit, long time, Arguments arguments) {
    long millis = time <= 0 ? 0 : millisOrNegative(unit, time, arguments);
    if (millis <= 0) {
      throw invalid(arguments);
    }
    return millis;
  }

  /** The same, of a time that may be over: then it is before now. */
  static long millisOrNegative(String unit, long time, Arguments arguments) {
    try {
      long millis = unit.startsWith("P") ? time : Math.multiplyExact(time, 1_000L);
      return unit.endsWith("AT") ? millis : Math.addExact(arguments.nowMillis(), millis);
    } catch (ArithmeticException _) {
      throw invalid(arguments);
    }
  }

  private static InvalidDataException invalid(Arguments arguments) {
    return new InvalidDataException("invalid expire time in '" + arguments.name() + "' command");
  }
}
