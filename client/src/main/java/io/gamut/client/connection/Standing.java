package io.gamut.client.connection;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How far a server is trusted for one kind of traffic: after each failure it is avoided, for a time
 * that doubles up to a bound and is cut by up to half by chance, so that many clients do not come
 * back at one moment. The first good reply ends it.
 *
 * <p>Safe for use by several threads.
 */
final class Standing {
  private static final int DOUBLINGS_MAX = 30;

  private final long firstNanos;
  private final long mostNanos;
  private volatile int failures;
  private long avoidedFromNanos;
  private long avoidedNanos;

  Standing(Duration first, Duration most) {
    this.firstNanos = first.toNanos();
    this.mostNanos = most.toNanos();
  }

  /** Notes a failure, and says for how long from now the server is avoided. */
  synchronized long failed(long nowNanos) {
    long left = leftNanos(nowNanos);
    if (left > 0) {
      return left; // several connections that break together are one failure
    }
    long whole =
        firstNanos > mostNanos >> Math.min(failures, DOUBLINGS_MAX)
            ? mostNanos
            : firstNanos << Math.min(failures, DOUBLINGS_MAX);
    failures = failures + 1;
    avoidedFromNanos = nowNanos;
    avoidedNanos = whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    return avoidedNanos;
  }

  void good() {
    if (failures > 0) { // of every reply: mostly there is nothing to do
      forgive();
    }
  }

  private synchronized void forgive() {
    failures = 0;
    avoidedNanos = 0;
  }

  synchronized boolean isAvoided(long nowNanos) {
    return leftNanos(nowNanos) > 0;
  }

  /** For how long from now it is avoided yet; not above 0 if it is not. */
  synchronized long leftNanos(long nowNanos) {
    return avoidedNanos == 0 ? 0 : avoidedNanos - (nowNanos - avoidedFromNanos);
  }
}
