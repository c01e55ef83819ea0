package io.gamut.overlay.link;

import io.gamut.overlay.Timing;
import java.util.concurrent.TimeUnit;

/**
 * Judges from silence whether the other end of a link lives: any byte is a sign of life, a
 * heartbeat stands in where there is nothing else to say.
 *
 * <p>Two thresholds, as elections and routes should not change for a hiccup: suspicion is reported
 * and taken back, death closes the link. A process that itself was stopped (paused, swapped out)
 * would on waking find everybody silent for as long as it slept, although their bytes wait in its
 * sockets: when ticks come much later than they should, the time lost counts for nobody.
 */
public final class FailureDetector {
  /** What is thought of the other end. */
  public enum Verdict {
    ALIVE,
    SUSPECTED,
    DEAD
  }

  private static final int BUSY_BEAT_EVERY = 5;

  private final long heartbeatNanos;
  private final long suspicionNanos;
  private final long deathNanos;
  private long heardNanos;
  private long spokeNanos;
  private long beatNanos;
  private long tickedNanos;

  public FailureDetector(Timing timing, long nowNanos) {
    heartbeatNanos = TimeUnit.MILLISECONDS.toNanos(timing.heartbeatMillis());
    suspicionNanos = TimeUnit.MILLISECONDS.toNanos(timing.suspicionMillis());
    deathNanos = TimeUnit.MILLISECONDS.toNanos(timing.deathMillis());
    heardNanos = nowNanos;
    spokeNanos = nowNanos;
    beatNanos = nowNanos;
    tickedNanos = nowNanos;
  }

  /** Bytes arrived. */
  public void onHeard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** Bytes were sent. */
  public void onSpoke(long nowNanos) {
    spokeNanos = nowNanos;
  }

  /** A heartbeat was sent. */
  public void onBeat(long nowNanos) {
    spokeNanos = nowNanos;
    beatNanos = nowNanos;
  }

  /**
   * Whether the other end has a right to hear something now: a tick early rather than late. A busy
   * link beats too, at a fifth of the rate, as a heartbeat also carries the table's digest.
   */
  public boolean isHeartbeatDue(long nowNanos) {
    return nowNanos - spokeNanos >= heartbeatNanos - heartbeatNanos / 8
        || nowNanos - beatNanos >= BUSY_BEAT_EVERY * heartbeatNanos;
  }

  /** To be called a few times per heartbeat. */
  public Verdict onTick(long nowNanos) {
    long sinceTick = nowNanos - tickedNanos;
    tickedNanos = nowNanos;
    if (sinceTick > 2 * heartbeatNanos) {
      heardNanos = Math.min(nowNanos, heardNanos + sinceTick);
    }
    long silence = nowNanos - heardNanos;
    if (silence >= deathNanos) {
      return Verdict.DEAD;
    }
    return silence >= suspicionNanos ? Verdict.SUSPECTED : Verdict.ALIVE;
  }
}
