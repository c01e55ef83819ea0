package io.gamut.replication;

import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Notices that this server's clock is too far off to stamp writes.
 *
 * <p>A message only ever makes a clock look older than it is, by the time it was under way. So when
 * a peer's clock looks ahead of the own one by more than the limit, it <em>is</em>: that needs no
 * round trips. Everybody tells whom it finds ahead. A server is off when it finds more than half of
 * the other members ahead of itself (it is late), or more than half of them find it ahead.
 *
 * <p>That takes a while to be heard, and for the ledger a while is too long: one entry that is
 * stamped by a bad clock moves ledger time, and every clock behind it, for good. So for the ledger
 * a clock is <em>trusted</em> only once another member's was seen to agree with it, in this life
 * and since it last jumped. A clock that agrees with the own one after its message was under way
 * shows that the own one is not ahead of it, and one bad clock agrees with none of the others. A
 * jump shows by the monotonic clock beside it.
 */
final class ClockGuard {
  /** Between two steps; less is taken for correction, and noticed by the others. */
  private static final long JUMP_MILLIS = Limits.CLOCK_AHEAD_MILLIS_MAX / 2;

  /** What can go on without the others waits so long for a word of theirs. */
  private static final long SUSPICION_NANOS = 10_000_000_000L;

  private static final long NANOS_A_MILLI = 1_000_000;

  private final NodeId self;
  private final TreeSet<NodeId> ahead = new TreeSet<>();
  private final TreeMap<NodeId, Boolean> findsMeAhead = new TreeMap<>();
  private final TreeSet<NodeId> agreeing = new TreeSet<>();
  private long offsetMillis;
  private boolean isTimed;
  private boolean hasJumped;
  private long sinceNanos;

  ClockGuard(NodeId self) {
    this.self = self;
  }

  /** A step begins: if the clock has jumped since the last one, nothing that was heard counts. */
  void onTime(Now now) {
    long offset = offsetMillis(now);
    hasJumped |= isTimed && isJump(offset);
    if (!isTimed || isJump(offset)) {
      ahead.clear();
      findsMeAhead.clear();
      agreeing.clear();
      sinceNanos = now.nanos();
    }
    isTimed = true;
    offsetMillis = offset;
  }

  private static long offsetMillis(Now now) {
    return now.wallMillis() - now.nanos() / NANOS_A_MILLI;
  }

  private boolean isJump(long offset) {
    return Math.abs(offset - offsetMillis) > JUMP_MILLIS;
  }

  void onAdvert(NodeId from, long theirMillis, List<NodeId> theyFindAhead, long ownMillis) {
    long difference = theirMillis - ownMillis;
    if (difference > Limits.CLOCK_AHEAD_MILLIS_MAX) {
      ahead.add(from);
      agreeing.remove(from);
    } else {
      ahead.remove(from);
    }
    if (Math.abs(difference) <= Limits.CLOCK_AHEAD_MILLIS_MAX) {
      agreeing.add(from);
    }
    findsMeAhead.put(from, theyFindAhead.contains(self));
  }

  /** Whom to report as ahead. */
  List<NodeId> ahead() {
    return new ArrayList<>(ahead);
  }

  /** Whether a majority of the members, this one not counted, says that this clock is off. */
  boolean isOff(Collection<NodeId> others) {
    int early = 0;
    int late = 0;
    for (NodeId other : others) {
      early += findsMeAhead.getOrDefault(other, false) ? 1 : 0;
      late += ahead.contains(other) ? 1 : 0;
    }
    return 2 * early > others.size() || 2 * late > others.size();
  }

  /** Whether the clock has jumped, and nobody has confirmed it since, though there was time. */
  boolean isSuspect(Collection<NodeId> others, Now now) {
    return hasJumped && !isSilenceLong(now) && !others.isEmpty() && !isConfirmed(others);
  }

  /**
   * Whether what this clock stamps may go into the ledger.
   *
   * @param isAlone whether the ledger goes on here without any other server: then the others may be
   *     away for ever, and agreement is not waited for without end
   */
  boolean isTrusted(Collection<NodeId> others, boolean isAlone, Now now) {
    return others.isEmpty()
        || (!isJump(offsetMillis(now)) && !isOff(others) && isConfirmed(others, isAlone, now));
  }

  private boolean isConfirmed(Collection<NodeId> others, boolean isAlone, Now now) {
    return isConfirmed(others) || (isAlone && isSilenceLong(now));
  }

  private boolean isSilenceLong(Now now) {
    return now.nanos() - sinceNanos >= SUSPICION_NANOS;
  }

  private boolean isConfirmed(Collection<NodeId> others) {
    for (NodeId other : others) {
      if (agreeing.contains(other)) {
        return true;
      }
    }
    return false;
  }
}
