package io.gamut.cli.lab;

import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** What became of the requests of a {@link KvsTest}. From any thread. */
final class KvsTally {
  private final LongAdder puts = new LongAdder();
  private final LongAdder gets = new LongAdder();
  private final LongAdder withoutQuorum = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder violations = new LongAdder();

  void onPut() {
    puts.increment();
  }

  void onGet() {
    gets.increment();
  }

  void onNoQuorum() {
    withoutQuorum.increment();
  }

  void onFailed() {
    failed.increment();
  }

  void onRepeated() {
    repeated.increment();
  }

  void onViolation() {
    violations.increment();
  }

  long violations() {
    return violations.sum();
  }

  String report() {
    return String.format(
        Locale.ROOT,
        "%d puts and %d gets were answered, %d requests got ERR_NOQUORUM, %d failed otherwise, %d"
            + " were sent again to another server",
        puts.sum(),
        gets.sum(),
        withoutQuorum.sum(),
        failed.sum(),
        repeated.sum());
  }
}
