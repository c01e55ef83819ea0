package io.gamut.simulator.cluster;

import io.gamut.simulator.Shortening;
import io.gamut.simulator.Simulator;
import org.jspecify.annotations.Nullable;

/** Runs seeds of whole clusters. */
public final class ClusterSimulator {
  private ClusterSimulator() {}

  /** Runs one seed; null when all invariants hold to the end. */
  public static Simulator.@Nullable Failure run(long seed) {
    ClusterScenario scenario = ClusterScenario.of(seed);
    return attempt(scenario) == null
        ? null
        : Shortening.shortened(
            scenario,
            ClusterScenario::actions,
            ClusterScenario::withActions,
            ClusterSimulator::attempt);
  }

  /** Runs one seed without shortening it; null or the invariant that it broke. */
  public static @Nullable String violation(long seed) {
    Simulator.Failure failure = attempt(ClusterScenario.of(seed));
    return failure == null ? null : failure.invariant();
  }

  private static Simulator.@Nullable Failure attempt(ClusterScenario scenario) {
    ClusterWorld world = new ClusterWorld(scenario);
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
