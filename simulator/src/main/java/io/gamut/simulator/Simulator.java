package io.gamut.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs seeds, and shortens those that fail.
 *
 * <p>Safe for use by several threads: runs share nothing.
 */
public final class Simulator {
  private Simulator() {}

  /**
   * A run that broke an invariant.
   *
   * @param invariant which one, and how
   * @param actions the actions that are left after shortening
   * @param trace what happened last in the shortened run
   */
  public record Failure(long seed, String invariant, List<String> actions, List<String> trace) {}

  /** Runs one seed; null when all invariants hold to the end. */
  public static @Nullable Failure run(long seed) {
    Scenario scenario = Scenario.of(seed);
    return attempt(scenario) == null
        ? null
        : Shortening.shortened(
            scenario, Scenario::actions, Scenario::withActions, Simulator::attempt);
  }

  /** Runs one seed without shortening it; null or the invariant that it broke. */
  public static @Nullable String violation(long seed) {
    Failure failure = attempt(Scenario.of(seed));
    return failure == null ? null : failure.invariant();
  }

  private static @Nullable Failure attempt(Scenario scenario) {
    World world = new World(scenario);
    try {
      world.run();
      return null;
    } catch (RuntimeException e) {
      List<String> actions =
          scenario.actions().stream()
              .map(timed -> "%10.3f ms  %s".formatted(timed.micros() / 1e3, timed.action()))
              .toList();
      return new Failure(scenario.seed(), reason(e), actions, world.trace());
    }
  }

  /** A bug may show itself as an exception of any kind before it breaks an invariant. */
  public static String reason(RuntimeException e) {
    return e instanceof Violation ? String.valueOf(e.getMessage()) : e.toString();
  }
}
