package io.gamut.simulator;

import java.util.SplittableRandom;

/** Draws for scenarios. */
public final class Draw {
  private Draw() {}

  /** An index, each as often as its weight says. */
  public static int weighted(int[] weights, SplittableRandom random) {
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    int drawn = random.nextInt(total);
    int index = 0;
    while (drawn >= weights[index]) {
      drawn -= weights[index++];
    }
    return index;
  }
}
