package io.gamut.server.memcached;

import java.util.concurrent.atomic.LongAdder;

/** What {@code stats} counts, since the server began or {@code stats reset}. For any thread. */
final class Tally {
  private final LongAdder gets = new LongAdder();
  private final LongAdder sets = new LongAdder();
  private final LongAdder flushes = new LongAdder();
  private final LongAdder touches = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /** A key was asked for. */
  void onGet(boolean isHit) {
    gets.increment();
    (isHit ? hits : misses).increment();
  }

  void onSet() {
    sets.increment();
  }

  void onFlush() {
    flushes.increment();
  }

  void onTouch() {
    touches.increment();
  }

  void reset() {
    gets.reset();
    sets.reset();
    flushes.reset();
    touches.reset();
    hits.reset();
    misses.reset();
  }

  long gets() {
    return gets.sum();
  }

  long sets() {
    return sets.sum();
  }

  long flushes() {
    return flushes.sum();
  }

  long touches() {
    return touches.sum();
  }

  long hits() {
    return hits.sum();
  }

  long misses() {
    return misses.sum();
  }
}
