package io.gamut.server.snapshot;

import io.gamut.server.snapshot.SnapshotMessage.Chunk;

/** How far a transfer is, as its sender knows: what may be sent, and whether it still goes on. */
final class SendWindow {
  /** Bytes sent and not acknowledged: enough for 100 MB/s over a way of 40 ms and back. */
  static final long BYTES_MAX = 4L << 20;

  /** Without news for so long the receiver, or the way to it, is taken to be gone. */
  static final long SILENCE_NANOS = 5_000_000_000L;

  private final long total;
  private long read;
  private long received;
  private boolean isTaken;
  private long newsNanos;

  SendWindow(long total, long nowNanos) {
    this.total = total;
    newsNanos = nowNanos;
  }

  /** Whether another chunk may be read and sent. */
  boolean hasRoom() {
    return isTaken && read < total && read - received <= BYTES_MAX - Chunk.BYTES_MAX;
  }

  /** Whether the receiver has said that it takes what it was offered. */
  boolean isTaken() {
    return isTaken;
  }

  void onRead(int bytes) {
    read += bytes;
  }

  /**
   * The receiver has so many bytes.
   *
   * @return false if it cannot be, or is no news
   */
  boolean onReceived(long bytes, long nowNanos) {
    boolean isNews = bytes > received || (bytes == 0 && !isTaken);
    if (!isNews || bytes > read) {
      return false;
    }
    isTaken = true;
    received = bytes;
    newsNanos = nowNanos;
    return true;
  }

  /** Whether the receiver has it all. */
  boolean isComplete() {
    return isTaken && received == total;
  }

  boolean isSilent(long nowNanos) {
    return nowNanos - newsNanos >= SILENCE_NANOS;
  }
}
