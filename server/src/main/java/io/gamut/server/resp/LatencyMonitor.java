package io.gamut.server.resp;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * When requests were slow, second by second, as Redis' monitor has it of its event {@code command};
 * of what else Redis watches there is nothing here. Off until it has a threshold. For any thread.
 */
final class LatencyMonitor {
  static final String EVENT = "command";

  private static final int SAMPLES_MAX = 160;

  private final InstantSource clock;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private volatile long thresholdMillis;
  private volatile long thresholdNanos = Long.MAX_VALUE;
  private long mostMillis;

  /** The longest request of a second. */
  record Sample(long atSeconds, long millis) {}

  LatencyMonitor(InstantSource clock) {
    this.clock = clock;
  }

  long thresholdMillis() {
    return thresholdMillis;
  }

  /** 0 for not at all. */
  void setThresholdMillis(long to) {
    thresholdMillis = to;
    thresholdNanos = to == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(to);
  }

  /** Of every request: most cost no more than the comparison. */
  void onAnswered(long nanos) {
    if (nanos >= thresholdNanos) {
      add(TimeUnit.NANOSECONDS.toMillis(nanos));
    }
  }

  private synchronized void add(long millis) {
    long now = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    long longest = millis;
    if (!samples.isEmpty() && samples.getLast().atSeconds() == now) {
      longest = Math.max(millis, samples.removeLast().millis());
    }
    samples.addLast(new Sample(now, longest));
    mostMillis = Math.max(mostMillis, millis);
    if (samples.size() > SAMPLES_MAX) {
      samples.removeFirst();
    }
  }

  /** Those that there are, the first one first. */
  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  synchronized long mostMillis() {
    return mostMillis;
  }

  /** Forgets all; whether there was anything. */
  synchronized boolean reset() {
    boolean hadAny = !samples.isEmpty();
    samples.clear();
    mostMillis = 0;
    return hadAny;
  }
}
