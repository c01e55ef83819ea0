package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.simulator.cluster.ClusterSimulator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SeedsTest {
  /** Each broke an invariant once. */
  private static final long[] LEDGER_SEEDS_FOUND = {39_229, 2_172_536, 2_207_018};

  /** Each showed a fault of the replicas when clusters were first simulated. */
  private static final long[] CLUSTER_SEEDS_FOUND = {
    0, 25, 101, 146, 332, 388, 1_069, 4_727, 23_545, 24_259, 24_656, 25_190, 105_048, 111_037,
    114_098
  };

  /** The same when one clock was far off, or a disk was set back. */
  private static final long[] CLUSTER_SEEDS_FOUND_LATER = {
    5_000_249, 5_000_287, 5_000_399, 5_001_282, 5_001_331, 5_002_618, 5_003_068, 5_020_005,
    5_020_665, 8_006_408
  };

  /** The same when some clients were answered by way of gateways. */
  private static final long[] CLUSTER_SEEDS_FOUND_BY_GATEWAYS = {28, 162, 231, 291, 297, 831};

  @Test
  void noSeedBreaksAnInvariant() {
    for (long seed = 0; seed < 400; seed++) {
      Simulator.Failure failure = Simulator.run(seed);
      assertThat(failure).as("replay with: ./gamut simulate --what weak --seed %d", seed).isNull();
    }
  }

  @Test
  void noSeedOfAClusterBreaksAnInvariant() {
    LongStream found =
        Stream.of(CLUSTER_SEEDS_FOUND, CLUSTER_SEEDS_FOUND_LATER, CLUSTER_SEEDS_FOUND_BY_GATEWAYS)
            .flatMapToLong(LongStream::of);
    LongStream seeds = LongStream.concat(found, LongStream.range(0, 300));
    for (long seed : seeds.toArray()) {
      Simulator.Failure failure = ClusterSimulator.run(seed);
      assertThat(failure)
          .as("replay with: ./gamut simulate --what cluster --seed %d", seed)
          .isNull();
    }
  }

  @Test
  void noSeedOfTheLedgerBreaksAnInvariant() {
    LongStream seeds =
        LongStream.concat(LongStream.of(LEDGER_SEEDS_FOUND), LongStream.range(0, 3_000));
    for (long seed : seeds.toArray()) {
      Simulator.Failure failure = LedgerSimulator.run(seed);
      assertThat(failure)
          .as("replay with: ./gamut simulate --what ledger --seed %d", seed)
          .isNull();
    }
  }
}
