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
 */
final class ClockGuard {
  private final NodeId self;
  private final TreeSet<NodeId> ahead = new TreeSet<>();
  private final TreeMap<NodeId, Boolean> findsMeAhead = new TreeMap<>();

  ClockGuard(NodeId self) {
    this.self = self;
  }

  void onAdvert(NodeId from, long theirMillis, List<NodeId> theyFindAhead, long ownMillis) {
    if (theirMillis - ownMillis > Limits.CLOCK_AHEAD_MILLIS_MAX) {
      ahead.add(from);
    } else {
      ahead.remove(from);
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
}
