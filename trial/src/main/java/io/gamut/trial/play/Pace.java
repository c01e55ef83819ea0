package io.gamut.trial.play;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How many requests all players together make in a second. After a time when nothing was possible
 * they do not make up for it.
 */
public final class Pace {
  /** As fast as answers come. */
  private static final Pace UNLIMITED = new Pace(0);

  /** So much at most is made up for. */
  private static final long LATE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(100);

  /** It is looked as often, while waiting, whether all is over. */
  private static final long LOOK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

  private final long intervalNanos;
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  private Pace(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  /** So many in a second; 0 for no limit. */
  public static Pace perSecond(double rate) {
    return rate == 0 ? UNLIMITED : new Pace(Math.max(1, (long) (1e9 / rate)));
  }

  /** Waits for the turn of a request; returns early if it is over, or on interruption. */
  void await(BooleanSupplier isOver) {
    if (intervalNanos == 0) {
      return;
    }
    long now = System.nanoTime();
    long turn =
        next.updateAndGet(last -> Math.max(last + intervalNanos - now, -LATE_NANOS_MAX) + now);
    while (turn - System.nanoTime() > 0
        && !isOver.getAsBoolean()
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(Math.min(turn - System.nanoTime(), LOOK_NANOS_MAX));
    }
  }
}
