package io.gamut.replication.strong;

import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Limits;
import io.gamut.core.Reply;
import io.gamut.replication.Now;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether this server's clock may have a say in the ledger. A stamp moves ledger time, and by that
 * everybody's clock, for good; so one bad clock must neither stamp operations nor judge those of
 * others, nor let values expire.
 *
 * <p>A clock that was not confirmed yet most often soon is: so long its operations wait. A leader
 * whose clock stays bad hands over, since nobody could write through it.
 */
final class OwnClock {
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Predicate<Now> trust;
  private boolean isTrusted;
  private boolean isJudged;
  private long judgedNanos;
  private boolean isWaiting;
  private long waitingNanos;
  private long handedOverNanos;

  /**
   * @param trust whether the clock is trusted; asked once for each moment
   */
  OwnClock(Predicate<Now> trust) {
    this.trust = trust;
  }

  boolean isTrusted(Now now) {
    if (isJudged && now.nanos() == judgedNanos) {
      return isTrusted;
    }
    isJudged = true;
    judgedNanos = now.nanos();
    isTrusted = trust.test(now);
    if (isTrusted) {
      isWaiting = false;
    } else if (!isWaiting) {
      isWaiting = true;
      waitingNanos = now.nanos();
      handedOverNanos = now.nanos();
    }
    return isTrusted;
  }

  /** The answer to what would wait for this clock in vain; null for none. */
  Reply.@Nullable Failed hopeless(Now now) {
    return isBad(now) ? refusal() : null;
  }

  private boolean isBad(Now now) {
    return !isTrusted(now) && now.nanos() - waitingNanos >= PATIENCE_NANOS;
  }

  /** Whether a leader has to hand over; again after a while, if that has led to nothing. */
  boolean takeHandsOver(Now now) {
    boolean isDue = isBad(now) && now.nanos() - handedOverNanos >= PATIENCE_NANOS;
    if (isDue) {
      handedOverNanos = now.nanos();
    }
    return isDue;
  }

  /** Whether a stamp is near enough to this clock. */
  static boolean isNear(long timestamp, Now now) {
    return HybridClock.isWithin(timestamp, now.wallMillis(), Limits.CLOCK_AHEAD_MILLIS_MAX);
  }

  static Reply.Failed refusal() {
    return new Reply.Failed(
        ErrorCode.CLOCK,
        "this server's clock is not confirmed by the others': it may differ by more than "
            + Limits.CLOCK_AHEAD_MILLIS_MAX
            + " ms");
  }
}
