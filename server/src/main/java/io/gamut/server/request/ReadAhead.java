package io.gamut.server.request;

/**
 * How many keys are read together: as many as have about {@value #BYTES} bytes of values, going by
 * those read last, since all of them are held in memory together; and at most twice as many as the
 * last time, since the next ones may be longer.
 */
final class ReadAhead {
  static final int KEYS_MAX = 64;
  static final int BYTES = 1 << 20;

  /** One until it is known how long values are: many may ask for long ones at the same time. */
  private int keysMax = 1;

  int keysMax() {
    return keysMax;
  }

  /** So long were the values of so many keys. */
  void learn(int keys, long bytes) {
    int fitting = Math.clamp(keys * (long) BYTES / (bytes + 1), 1, KEYS_MAX);
    keysMax = Math.min(fitting, 2 * keysMax);
  }
}
