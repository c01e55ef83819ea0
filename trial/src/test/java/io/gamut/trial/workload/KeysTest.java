package io.gamut.trial.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeysTest {
  private static final int COUNT = 50;
  private static final int TRIES = 400_000;

  private static double[] shares(Keys keys, int newest) {
    Random random = new Random(5);
    double[] shares = new double[COUNT];
    for (int i = 0; i < TRIES; i++) {
      shares[keys.choose(COUNT, newest, random)] += 1.0 / TRIES;
    }
    return shares;
  }

  @Test
  void uniformTakesEachAsOften() {
    for (double share : shares(Keys.UNIFORM, 0)) {
      assertThat(share).isCloseTo(1.0 / COUNT, within(0.002));
    }
  }

  @Test
  void zipfianTakesEachInProportionToItsRank() {
    double sum = 0;
    for (int i = 1; i <= COUNT; i++) {
      sum += 1.0 / i;
    }
    double[] shares = shares(Keys.ZIPFIAN, 0);
    for (int i = 0; i < COUNT; i++) {
      assertThat(shares[i]).isCloseTo(1 / (sum * (i + 1)), within(0.003));
    }
  }

  @Test
  void latestCountsBackFromTheNewest() {
    double[] shares = shares(Keys.LATEST, 3);
    assertThat(shares[3]).isGreaterThan(shares[2]);
    assertThat(shares[2]).isGreaterThan(shares[49]);
    assertThat(shares[49]).isGreaterThan(shares[10]);
  }

  @Test
  void oneKeyIsTheOnlyChoice() {
    for (Keys keys : Keys.values()) {
      assertThat(keys.choose(1, 0, new Random(1))).isZero();
    }
  }
}
