package io.gamut.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of requests all connections hold together. For any thread. */
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

  /** What one holder has of them, as it grows and shrinks. On the holder's thread. */
  final class Part {
    private long bytes;

    boolean isAny() {
      return bytes > 0;
    }

    /** Whether there was room: it is as before if there was none. There is when it shrinks. */
    boolean trySet(long now) {
      if (now > bytes && !tryHold(now - bytes)) {
        return false;
      }
      release(Math.max(0, bytes - now));
      bytes = now;
      return true;
    }
  }
}
