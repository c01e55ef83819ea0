package io.gamut.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Calls back on an event loop when the earliest moment has come that was asked for. On the loop.
 */
public final class WakeTimer {
  private static final long NEVER = Long.MAX_VALUE;

  private final EventLoop loop;
  private final Runnable callback;
  private long scheduledNanos = NEVER;

  public WakeTimer(EventLoop loop, Runnable callback) {
    this.loop = loop;
    this.callback = callback;
  }

  /** Calls back at this time of {@link System#nanoTime}, or earlier if that was asked for. */
  public void wakeAt(long nanos) {
    long left = nanos - System.nanoTime();
    if (left <= 0) {
      loop.execute(callback);
    } else if (scheduledNanos == NEVER || nanos - scheduledNanos < 0) {
      scheduledNanos = nanos;
      var _ = loop.schedule(() -> wake(nanos), left, TimeUnit.NANOSECONDS);
    }
  }

  private void wake(long scheduled) {
    if (scheduledNanos == scheduled) {
      scheduledNanos = NEVER;
      callback.run();
    }
  }
}
