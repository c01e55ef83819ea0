package io.gamut.trial.workload;

import java.util.random.RandomGenerator;

/**
 * Which of some keys is taken next, by number from 0.
 *
 * <p>Uniform: each as often. Zipfian: the <i>i</i>-th in proportion to 1 / (<i>i</i> + 1), as in
 * YCSB (Cooper et al., SoCC 2010), so that a few are hot. Latest: the same, counted back from the
 * key that was taken last of all: what is new is hot.
 */
public enum Keys {
  UNIFORM {
    @Override
    int choose(int count, int newest, RandomGenerator random) {
      return random.nextInt(count);
    }
  },
  ZIPFIAN {
    @Override
    int choose(int count, int newest, RandomGenerator random) {
      return zipfian(count, random);
    }
  },
  LATEST {
    @Override
    int choose(int count, int newest, RandomGenerator random) {
      return Math.floorMod(newest - zipfian(count, random), count);
    }
  };

  private static final double LOG_2 = Math.log(2);

  /**
   * The number of a key.
   *
   * @param newest the key that was written last
   */
  abstract int choose(int count, int newest, RandomGenerator random);

  /**
   * From 1/x over all numbers from 1 to {@code count + 1}, whose whole parts are a little too flat:
   * some are rejected, three in ten at most (Devroye, "Non-Uniform Random Variate Generation",
   * 1986, section II.3).
   */
  private static int zipfian(int count, RandomGenerator random) {
    while (true) {
      int number = (int) Math.exp(random.nextDouble() * Math.log(count + 1.0));
      boolean isTaken = random.nextDouble() * number * Math.log1p(1.0 / number) <= LOG_2;
      if (number <= count && isTaken) {
        return number - 1;
      }
    }
  }
}
