package io.gamut.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies all connections hold together. For any thread. */
final class Bodies {
  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();

  Bodies(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Whether there was room for some more: then they are held until {@link #release}. */
  boolean tryHold(long bytes) {
    if (held.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }
}
