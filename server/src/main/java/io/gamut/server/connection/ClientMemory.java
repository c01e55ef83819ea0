package io.gamut.server.connection;

import io.gamut.core.Limits;
import java.util.HashSet;
import java.util.Set;

/**
 * How much all connections of a protocol hold together, of requests that are not here in full, or
 * wait, and of answers that are not read. For any thread.
 *
 * <p>Where that is more than there may be, the connection that holds most is closed, and so on:
 * what Redis calls client eviction. So neither those that begin requests without end nor those that
 * read no answers can keep the others out for long, and a client that holds little is never hit.
 */
public final class ClientMemory {
  /** What each connection may hold beside: its buffers have about so much in any case. */
  private static final int FREE_BYTES = 16 << 10;

  /** Amounts are rounded up to this, so that they seldom change. */
  private static final int STEP_BYTES = 64 << 10;

  private final long bytesMax;
  private final Set<Share> shares = new HashSet<>();
  private long held;

  ClientMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** An eighth of the heap; at least what one request, and one answer, may have in full. */
  public static ClientMemory ofThisServer() {
    return new ClientMemory(
        Math.max(Runtime.getRuntime().maxMemory() / 8, 2 * Limits.OPERATION_BYTES_MAX));
  }

  /**
   * What one connection holds.
   *
   * @param evict is called by any thread, once, when the connection is to be closed
   */
  Share share(Runnable evict) {
    return new Share(evict);
  }

  private synchronized void hold(Share share, long bytes) {
    if (share.isOver) {
      return;
    }
    held += bytes - share.bytes;
    share.bytes = bytes;
    if (bytes > 0) {
      shares.add(share);
    } else {
      shares.remove(share);
    }
    while (held > bytesMax) {
      Share largest = share;
      for (Share each : shares) {
        largest = each.bytes > largest.bytes ? each : largest;
      }
      remove(largest);
      largest.evict.run();
    }
  }

  private synchronized void remove(Share share) {
    held -= share.bytes;
    share.bytes = 0;
    share.isOver = true;
    shares.remove(share);
  }

  /** Of one connection; its amounts are changed with the lock of all. */
  final class Share {
    private final Runnable evict;
    private long told;
    private long bytes;
    private boolean isOver;

    private Share(Runnable evict) {
      this.evict = evict;
    }

    /** So much is held now. On the connection's event loop. */
    void hold(long now) {
      long beyond = Math.max(0, now - FREE_BYTES);
      long rounded = Math.ceilDiv(beyond, STEP_BYTES) * STEP_BYTES;
      if (rounded != told) {
        told = rounded;
        ClientMemory.this.hold(this, rounded);
      }
    }

    /** The connection is closed. */
    void release() {
      remove(this);
    }
  }
}
