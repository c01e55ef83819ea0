package io.gamut.trial.workload;

import io.gamut.core.Consistency;
import java.util.random.RandomGenerator;

/** The keys of a workload, and values that nobody else writes. */
final class Values {
  private final int session;
  private final String prefix;
  private final Settings settings;
  private final RandomGenerator random;
  private int written;
  private int newest;

  Values(int session, String prefix, Settings settings, RandomGenerator random) {
    this.session = session;
    this.prefix = prefix;
    this.settings = settings;
    this.random = random;
  }

  RandomGenerator random() {
    return random;
  }

  /** Whether something happens that happens so often. */
  boolean percent(int often) {
    return random.nextInt(100) < often;
  }

  String key(int number) {
    return prefix + number;
  }

  /** A key that no other session uses. */
  String own(int number) {
    return prefix + session + "-" + number;
  }

  /** One of all keys, as the settings choose it. */
  String key() {
    newest = settings.choice().choose(settings.keys(), newest, random);
    return key(newest);
  }

  /** A value that was never written. */
  String unique() {
    String value = session + "." + ++written;
    return value.length() >= settings.valueBytes()
        ? value
        : value + "_".repeat(settings.valueBytes() - value.length());
  }

  Consistency level(Consistency... some) {
    return some[random.nextInt(some.length)];
  }
}
