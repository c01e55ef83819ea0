package io.gamut.overlay.routing;

import static io.gamut.overlay.routing.Network.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BroadcastGuardTest {
  @Test
  void eachNumberPassesOnceInAnyOrderWithinTheWindow() {
    for (long seed = 0; seed < 20; seed++) {
      SplittableRandom dice = new SplittableRandom(seed);
      BroadcastGuard guard = new BroadcastGuard(4);
      Set<Long> passed = new HashSet<>();
      long base = 1;
      for (int i = 0; i < 20_000; i++) {
        base += dice.nextInt(3);
        long number = base + dice.nextInt(1_000);
        assertThat(guard.isFirstSight(id(1), 7, number))
            .as("seed %d number %d", seed, number)
            .isEqualTo(passed.add(number));
      }
      assertThat(guard.isFirstSight(id(1), 7, 1)).as("long gone").isFalse();
    }
  }

  @Test
  void bootsAreToldApartAndTheirNumberIsBounded() {
    BroadcastGuard guard = new BroadcastGuard(2);
    assertThat(guard.isFirstSight(id(1), 1, 5)).isTrue();
    assertThat(guard.isFirstSight(id(1), 2, 5)).isTrue();
    assertThat(guard.isFirstSight(id(1), 1, 5)).isFalse();
    assertThat(guard.isFirstSight(id(1), 3, 5)).as("the second boot is forgotten").isTrue();
    assertThat(guard.isFirstSight(id(1), 1, 5)).isFalse();
  }
}
