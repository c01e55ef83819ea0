package io.gamut.server.fault;

import io.gamut.replication.Now;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What the time of day is, as far as one server knows: the machine's, or so much ahead of it as was
 * asked for. A server has one, and takes the time from nowhere else, so that all of its protocols
 * agree on what they take for now. The monotonic clock beside it cannot be moved, as it cannot be
 * on a machine whose clock is set.
 *
 * <p>For any thread.
 */
public final class WallClock implements InstantSource {
  private volatile long aheadMillis;

  /** Milliseconds since 1970. */
  @Override
  public long millis() {
    return System.currentTimeMillis() + aheadMillis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  /** Both clocks, as the machines of a server are told the time. */
  public Now now() {
    return new Now(System.nanoTime(), millis());
  }

  /** How far it is ahead of the machine's; behind, if negative. */
  public long aheadMillis() {
    return aheadMillis;
  }

  /** From now on it is so far ahead. */
  public void setAheadMillis(long to) {
    aheadMillis = to;
  }
}
