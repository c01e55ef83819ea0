package io.gamut.replication;

import io.gamut.core.ErrorCode;
import io.gamut.core.Limits;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedView;
import org.jspecify.annotations.Nullable;

/** Whether this replica may take a write at all; why not, otherwise. */
final class Admission {
  private final Departure departure;
  private final Membership membership;
  private final Reception reception;
  private final Stamping stamping;
  private final ClockGuard clockGuard;
  private final LedgerProgress ledger;
  private final CommittedView committed;
  private boolean isPaused;

  Admission(
      Departure departure,
      Membership membership,
      Reception reception,
      Stamping stamping,
      ClockGuard clockGuard,
      LedgerProgress ledger,
      CommittedView committed) {
    this.departure = departure;
    this.membership = membership;
    this.reception = reception;
    this.stamping = stamping;
    this.clockGuard = clockGuard;
    this.ledger = ledger;
    this.committed = committed;
  }

  /** No more own writes, or again. */
  void pause(boolean paused) {
    isPaused = paused;
  }

  /** The answer to a write that may not be taken; null if it may. */
  Reply.@Nullable Failed refusal(Input.Write write, Now now) {
    if (isPaused || departure.isUnderWay() || !membership.isActive()) {
      return new Reply.Failed(ErrorCode.BUSY, "this server is leaving the cluster");
    }
    if (!hasRoomForOwn()) {
      String reason = "the cluster has seen " + Limits.ORIGINS_MAX + " origins, as many as it may";
      return new Reply.Failed(ErrorCode.BUSY, reason);
    }
    if (clockGuard.isOff(membership.others())) {
      return tooFar("this server's clock differs from the others' by more than ");
    }
    if (clockGuard.isSuspect(membership.others(), now)) {
      String reason = "this server's clock has jumped, and no other server has been heard since";
      return new Reply.Failed(ErrorCode.CLOCK, reason);
    }
    if (!stamping.isNear(now) && !membership.others().isEmpty()) {
      return tooFar("this server has stamped or met what is ahead of its clock by more than ");
    }
    Version stamp = write.stamp();
    if (stamp != null && ledger.isThere() && isTooLate(stamp)) {
      String reason = "the outcome of the earlier try is unknown, and it is too late for another";
      return new Reply.Failed(ErrorCode.UNKNOWN, reason);
    }
    boolean isStampNear =
        Stamping.isWithinClock(write.sessionLatest(), now)
            && (stamp == null || Stamping.isWithinClock(stamp.timestamp(), now));
    return isStampNear ? null : tooFar("the stamp is ahead of this server's clock by more than ");
  }

  /** What was collected when this server became a member, it was not asked to promise for. */
  private boolean isTooLate(Version stamp) {
    return stamping.hasPromisedNotTo(stamp.timestamp()) || !stamp.isAfter(committed.base());
  }

  private boolean hasRoomForOwn() {
    OwnOrigin own = stamping.own();
    return reception.accepted().size() < Limits.ORIGINS_MAX
        || (own.isTrusted() && reception.hasRoomFor(own.origin()));
  }

  private static Reply.Failed tooFar(String what) {
    return new Reply.Failed(ErrorCode.CLOCK, what + Limits.CLOCK_AHEAD_MILLIS_MAX + " ms");
  }
}
