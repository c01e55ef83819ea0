package io.gamut.simulator;

import org.jspecify.annotations.Nullable;

/** Runs seeds of ledgers alone. */
public final class LedgerSimulator {
  private LedgerSimulator() {}

  /** Runs one seed; null when all invariants hold to the end. */
  public static Simulator.@Nullable Failure run(long seed) {
    LedgerScenario scenario = LedgerScenario.of(seed);
    return attempt(scenario) == null
        ? null
        : Shortening.shortened(
            scenario,
            LedgerScenario::actions,
            LedgerScenario::withActions,
            LedgerSimulator::attempt);
  }

  /** Runs one seed without shortening it; null or the invariant that it broke. */
  public static @Nullable String violation(long seed) {
    Simulator.Failure failure = attempt(LedgerScenario.of(seed));
    return failure == null ? null : failure.invariant();
  }

  private static Simulator.@Nullable Failure attempt(LedgerScenario scenario) {
    LedgerWorld world = new LedgerWorld(scenario);
    try {
      world.run();
      return null;
    } catch (RuntimeException e) {
      var actions =
          scenario.actions().stream()
              .map(timed -> "%10.3f ms  %s".formatted(timed.micros() / 1e3, timed.action()))
              .toList();
      return new Simulator.Failure(scenario.seed(), Simulator.reason(e), actions, world.trace());
    }
  }
}
