package io.gamut.cli.data;

import java.util.concurrent.TimeUnit;

/** Says once a second on a terminal how far long work has come, and at its end anywhere. */
final class Progress {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String what;
  private final boolean isShown = Printer.isTerminal();
  private final long begunNanos = System.nanoTime();
  private long toldNanos = begunNanos;
  private long count;

  /**
   * @param what is counted, with its verb: "pairs imported"
   */
  Progress(String what) {
    this.what = what;
  }

  void add() {
    count++;
    long now = System.nanoTime();
    if (isShown && now - toldNanos >= EVERY_NANOS) {
      toldNanos = now;
      System.err.print("\r" + words(now));
      System.err.flush();
    }
  }

  void end() {
    System.err.println((isShown ? "\r" : "") + words(System.nanoTime()));
  }

  long count() {
    return count;
  }

  private String words(long nowNanos) {
    double seconds = Math.max(1, nowNanos - begunNanos) / 1e9;
    return "%,d %s in %.1f s, %,.0f/s".formatted(count, what, seconds, count / seconds);
  }
}
