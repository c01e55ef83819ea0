package io.gamut.cli;

import io.gamut.simulator.LedgerSimulator;
import io.gamut.simulator.Simulator;
import io.gamut.simulator.cluster.ClusterSimulator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code gamut simulate} can run, by the word for it. */
enum SimulatedWorld {
  /** Replicas that take weak writes and reads. */
  WEAK,
  /** Participants that agree on a ledger, alone. */
  LEDGER,
  /** Whole clusters: replicas that do both over one data set. */
  CLUSTER;

  private static final String ALL = "all";

  /** Runs one seed; null when all invariants hold to the end. */
  Simulator.@Nullable Failure run(long seed) {
    return switch (this) {
      case WEAK -> Simulator.run(seed);
      case LEDGER -> LedgerSimulator.run(seed);
      case CLUSTER -> ClusterSimulator.run(seed);
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The worlds that a word means; none when it means nothing. */
  static List<SimulatedWorld> named(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(world -> lower.equals(ALL) || lower.equals(world.word()))
        .toList();
  }
}
