package io.gamut.storage.volume;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Faults on demand in one disk: what uses that disk asks here what is wrong with it. For any
 * thread.
 */
public final class DiskFaults {
  private volatile long slowNanos;
  private volatile boolean isFull;
  private final AtomicBoolean failsNext = new AtomicBoolean();

  /** From now on each sync takes so much longer; 0 for no longer. */
  public void setSlowMillis(long millis) {
    slowNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** How much longer each sync takes. */
  public long slowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(slowNanos);
  }

  /** Whether the disk says that it has no space left. */
  public void setFull(boolean to) {
    isFull = to;
  }

  /** Whether it says so. */
  public boolean isFull() {
    return isFull;
  }

  /** Whether the next write finds no space; it is the only one. */
  public void setFailsNext(boolean to) {
    failsNext.set(to);
  }

  /** Whether a write is still to fail. */
  public boolean failsNext() {
    return failsNext.get();
  }

  /** Nothing is wrong any more. */
  public void end() {
    setSlowMillis(0);
    setFull(false);
    setFailsNext(false);
  }

  /** What a sync waits for that blocks its thread. */
  void beforeSync() {
    long nanos = slowNanos;
    if (nanos > 0) {
      long end = System.nanoTime() + nanos;
      for (long left = nanos; left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  /** The same, of a sync that somebody else does: when it counts as done. */
  public CompletableFuture<Void> slowed(CompletableFuture<Void> sync) {
    long nanos = slowNanos;
    if (nanos == 0) {
      return sync;
    }
    Executor later = CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
    return sync.thenRunAsync(() -> {}, later);
  }

  /** What a write may meet. */
  void beforeWrite(String name) throws VolumeFullException {
    if (failsNext.get() && failsNext.compareAndSet(true, false)) {
      throw new VolumeFullException(
          "could not write to "
              + name
              + ": No space left on device (asked for by a lab command; a restart mends it)");
    }
  }
}
