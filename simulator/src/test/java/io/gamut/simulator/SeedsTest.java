package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SeedsTest {
  @Test
  void noSeedBreaksAnInvariant() {
    for (long seed = 0; seed < 400; seed++) {
      Simulator.Failure failure = Simulator.run(seed);
      assertThat(failure).as("replay with: ./gamut simulate --seed %d", seed).isNull();
    }
  }
}
