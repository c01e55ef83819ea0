package io.gamut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class HybridClockTest {
  private static final long NOW = 1_800_000_000_000L;

  @Test
  void everyStampIsAboveAllThatWasGivenOrObservedAndAsCloseToTheWallAsThatAllows() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      HybridClock clock = new HybridClock();
      long greatest = 0;
      long now = NOW;
      for (int i = 0; i < 200; i++) {
        now += random.nextInt(-5, 10);
        if (random.nextBoolean()) {
          long observed = HybridClock.fromMillis(now + random.nextInt(-100, 100));
          clock.observe(observed);
          greatest = Math.max(greatest, observed);
        } else {
          long stamp = clock.stamp(now);
          assertThat(stamp).as("seed %s", seed).isGreaterThan(greatest);
          assertThat(stamp)
              .as("seed %s", seed)
              .isEqualTo(Math.max(greatest + 1, HybridClock.fromMillis(now)));
          greatest = stamp;
        }
        assertThat(clock.latest()).as("seed %s", seed).isEqualTo(greatest);
      }
    }
  }

  @Test
  void aCounterThatOverflowsGoesOnInTheMilliseconds() {
    HybridClock clock = new HybridClock();
    long before = clock.stamp(NOW);
    for (int i = 0; i < 70_000; i++) {
      long stamp = clock.stamp(NOW);
      assertThat(stamp).isGreaterThan(before);
      before = stamp;
    }
    assertThat(HybridClock.millis(before)).isEqualTo(NOW + 1);
  }

  @Test
  void whatIsTooFarAheadOrNoStampAtAllIsNotWithin() {
    assertThat(HybridClock.isWithin(HybridClock.fromMillis(NOW + 1_000), NOW, 1_000)).isTrue();
    assertThat(HybridClock.isWithin(HybridClock.fromMillis(NOW + 1_001), NOW, 1_000)).isFalse();
    assertThat(HybridClock.isWithin(-1, NOW, 1_000)).isFalse();
    assertThat(HybridClock.isWithin(Long.MAX_VALUE, NOW, 1_000)).isFalse();
    assertThat(HybridClock.isWithin(0, NOW, 1_000)).isTrue();
  }
}
