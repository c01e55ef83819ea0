package io.gamut.ledger.raft;

import io.gamut.ledger.message.LedgerMessage;
import java.util.ArrayDeque;

/**
 * What a leader knows of one participant, and what is under way to it.
 *
 * <p>It starts <em>probing</em>: one message at a time, to find where the logs meet. After the
 * first success it is <em>pipelined</em>: messages follow each other without waiting, within a
 * window, and the next index runs ahead of what was answered. A rejection or a silence brings it
 * back to probing.
 *
 * <p>A {@linkplain LedgerMessage#isLong long} message may be overtaken by those that are not. So it
 * is none that probes, entries follow it only once it is answered, and what is said meanwhile
 * stands on what was answered before.
 */
final class Progress {
  private final LedgerTiming timing;
  private final ArrayDeque<UnderWay> window = new ArrayDeque<>();
  private long windowBytes;
  private long match;
  private long next;
  private boolean isProbing = true;
  private boolean isProbeUnderWay;
  private long heardNanos;
  private long sentNanos;
  private long sentCommit;
  private long sentRound;
  private long confirmedRound;

  /**
   * @param bytesAhead its own and those that went before it
   */
  private record UnderWay(long last, long bytes, long bytesAhead, long sentNanos) {}

  /**
   * @param next where to try first
   */
  Progress(LedgerTiming timing, long next, long nowNanos) {
    this.timing = timing;
    this.next = next;
    heardNanos = nowNanos;
    sentNanos = nowNanos - timing.heartbeatNanos();
  }

  /** Its log is the leader's up to here, durably. */
  long match() {
    return match;
  }

  /** The first entry that it has not been sent. */
  long next() {
    return next;
  }

  /** When it was last heard in this term. */
  long heardNanos() {
    return heardNanos;
  }

  /** When it was last sent anything. */
  long sentNanos() {
    return sentNanos;
  }

  /** The last round of reads that it has confirmed. */
  long confirmedRound() {
    return confirmedRound;
  }

  void onHeard(long round, long nowNanos) {
    heardNanos = nowNanos;
    confirmedRound = Math.max(confirmedRound, round);
  }

  void onMatch(long through) {
    if (through > match || isProbing) {
      match = Math.max(match, through);
      next = isProbing ? match + 1 : Math.max(next, match + 1);
      isProbing = false;
      isProbeUnderWay = false;
    }
    while (!window.isEmpty() && window.getFirst().last <= match) {
      windowBytes -= window.removeFirst().bytes;
    }
  }

  /** It does not have the entry before those that were sent; {@code conflict} may fit better. */
  void onRejected(long previous, long conflict) {
    boolean isLate = previous <= match || (isProbing && previous != next - 1);
    if (!isLate) {
      probeFrom(Math.min(conflict, previous));
    }
  }

  /** What was sent from here on is not in the log any more, or was lost. */
  private void probeFrom(long index) {
    next = Math.max(match + 1, Math.max(1, index));
    isProbing = true;
    isProbeUnderWay = false;
    window.clear();
    windowBytes = 0;
  }

  /** Sends again what has been under way for too long. */
  void onTick(long nowNanos) {
    if (isProbing) {
      isProbeUnderWay &= nowNanos - sentNanos < timing.resendNanos();
    } else if (!window.isEmpty()) {
      UnderWay first = window.getFirst();
      long patienceNanos = timing.resendNanos() + first.bytesAhead * timing.byteNanos();
      if (nowNanos - first.sentNanos >= patienceNanos) {
        probeFrom(match + 1);
      }
    }
  }

  /** Whether it may be sent entries now. */
  boolean hasRoom() {
    if (isProbing) {
      return !isProbeUnderWay;
    }
    return window.size() < timing.windowMessages()
        && windowBytes < timing.windowBytes()
        && !isLongUnderWay();
  }

  boolean isProbing() {
    return isProbing;
  }

  /** Whether the last that it was sent may be overtaken. */
  boolean isLongUnderWay() {
    return !window.isEmpty() && LedgerMessage.isLong(window.getLast().bytes);
  }

  /** Whether there is something to tell it even without entries. */
  boolean isDue(long commit, long round, long nowNanos) {
    return nowNanos - sentNanos >= timing.heartbeatNanos()
        || (sentCommit < commit && !isProbing)
        || sentRound < round;
  }

  /** A message has been sent with entries up to {@code last}, or none. */
  void onSent(long last, long bytes, long commit, long round, long nowNanos) {
    sentNanos = nowNanos;
    sentCommit = commit;
    sentRound = round;
    if (isProbing) {
      isProbeUnderWay = true;
    } else if (last >= next) {
      windowBytes += bytes;
      window.add(new UnderWay(last, bytes, windowBytes, nowNanos));
      next = last + 1;
    }
  }
}
