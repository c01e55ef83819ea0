package io.gamut.replication.gateway;

import io.gamut.core.Ends;
import io.gamut.core.HybridClock;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.VersionVector;
import io.gamut.replication.Entropy;
import io.gamut.replication.Now;
import io.gamut.replication.remote.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway knows of the servers, and which of them it asks.
 *
 * <p>Of those that are near, it compares two that it draws by chance, and takes the one that has
 * less to do for it (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE
 * TPDS 2001): so no server is everybody's choice at once.
 */
final class Servers {
  /** A server whose answers take no longer than so much times the quickest one's is near too. */
  private static final int NEAR_FACTOR = 2;

  private static final long NEAR_NANOS = 1_000_000;

  /** How long a server is not asked that has said that it cannot answer now. */
  private static final long AVOIDED_NANOS = 200_000_000;

  private static final long CLOCK_OFF_MILLIS = 2 * Limits.CLOCK_AHEAD_MILLIS_MAX;

  private final TreeMap<NodeId, Server> byId = new TreeMap<>();
  private final Entropy entropy;
  private VersionVector absorbed = VersionVector.EMPTY;
  private Ends ends = Ends.NONE;
  private long ledgerMillis;

  /** One of them. */
  static final class Server {
    final NodeId node;
    @Nullable Standing standing;
    int outstanding;
    private boolean isSuspected;
    private long roundTripNanos;
    private long heardNanos;
    private long avoidedUntilNanos;

    Server(NodeId node, Now now) {
      this.node = node;
      avoidedUntilNanos = now.nanos();
    }

    private boolean isUsable(Now now) {
      Standing known = standing;
      return known != null
          && known.isAdmitted()
          && !isSuspected
          && now.nanos() - avoidedUntilNanos >= 0;
    }
  }

  Servers(Entropy entropy) {
    this.entropy = entropy;
  }

  // What is heard

  /** Only these can be reached; what was known of the others counts no more. */
  void onReachable(Set<NodeId> reachable, Now now) {
    byId.keySet().retainAll(reachable);
    reachable.forEach(node -> byId.computeIfAbsent(node, _ -> new Server(node, now)));
  }

  void onSuspected(NodeId node, boolean isSuspected) {
    Server server = byId.get(node);
    if (server != null) {
      server.isSuspected = isSuspected;
    }
  }

  /**
   * How a server stands.
   *
   * @param sentNanos when it was asked
   */
  void onStanding(NodeId node, Standing standing, long sentNanos, Now now) {
    Server server = byId.get(node);
    if (server == null) {
      return;
    }
    long took = Math.max(1, now.nanos() - sentNanos);
    long before = server.roundTripNanos;
    server.roundTripNanos = before == 0 ? took : before + (took - before) / 8;
    server.standing = standing;
    server.heardNanos = now.nanos();
    absorbed = absorbed.join(standing.absorbed());
    if (standing.ledgerMillis() >= ledgerMillis) {
      ledgerMillis = standing.ledgerMillis();
      ends = standing.ends();
    }
  }

  /** It cannot answer now. */
  void avoid(NodeId node, Now now) {
    Server server = byId.get(node);
    if (server != null) {
      server.avoidedUntilNanos = now.nanos() + AVOIDED_NANOS;
    }
  }

  // What follows

  Set<NodeId> all() {
    return byId.keySet();
  }

  @Nullable Server get(NodeId node) {
    return byId.get(node);
  }

  /** Per origin what the ledger has absorbed, as far as is known. */
  VersionVector absorbed() {
    return absorbed;
  }

  /** The same, where somebody has proved more. */
  void onAbsorbed(VersionVector more) {
    absorbed = absorbed.join(more);
  }

  Ends ends() {
    return ends;
  }

  long ledgerMillis() {
    return ledgerMillis;
  }

  /** Who leads in the latest term that is known, if it can be reached. */
  @Nullable Server leader() {
    Server leader = null;
    long term = -1;
    for (Server each : byId.values()) {
      Standing known = each.standing;
      if (known != null && known.leader() != null && known.term() > term) {
        term = known.term();
        leader = byId.get(known.leader());
      }
    }
    return leader == null || leader.isSuspected ? null : leader;
  }

  /** The latest term that is known to have a leader; -1 for none. */
  long term() {
    long term = -1;
    for (Server each : byId.values()) {
      Standing known = each.standing;
      if (known != null && known.leader() != null) {
        term = Math.max(term, known.term());
      }
    }
    return term;
  }

  /** Whether all that can be reached say that they reach no majority. */
  boolean areHopeless() {
    for (Server each : byId.values()) {
      Standing known = each.standing;
      if (known == null || !known.isHopeless()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether this gateway's clock is further from most servers' than right ones can be: those may
   * have gone on with each other by as much again as they may differ. What it would stamp then is
   * refused, or overtaken by all that was written before; and its clock, once it has stamped, could
   * not go back.
   */
  boolean isClockOff(Now now) {
    int known = 0;
    int off = 0;
    for (Server each : byId.values()) {
      Standing standing = each.standing;
      if (standing != null) {
        known++;
        long passed = (now.nanos() - each.heardNanos) / 1_000_000;
        long theirs = HybridClock.millis(standing.clock()) + passed;
        off += Math.abs(theirs - now.wallMillis()) > CLOCK_OFF_MILLIS ? 1 : 0;
      }
    }
    return 2 * off > known;
  }

  /** The last word of one that can answer, the nearest; null where none was heard. */
  @Nullable Standing nearest(Now now) {
    return nearestHeard(now).map(server -> server.standing).orElse(null);
  }

  /** The same one's id. */
  @Nullable NodeId nearestServer(Now now) {
    return nearestHeard(now).map(server -> server.node).orElse(null);
  }

  private Optional<Server> nearestHeard(Now now) {
    return byId.values().stream()
        .filter(server -> server.standing != null)
        .min(
            Comparator.comparing((Server server) -> !server.isUsable(now))
                .thenComparingLong(server -> server.roundTripNanos));
  }

  /** One that can be asked, not among those; null for none. */
  @Nullable Server choose(Set<NodeId> except, Now now) {
    List<Server> usable = new ArrayList<>();
    long quickest = Long.MAX_VALUE;
    for (Server each : byId.values()) {
      if (each.isUsable(now) && !except.contains(each.node)) {
        usable.add(each);
        quickest = Math.min(quickest, each.roundTripNanos);
      }
    }
    if (usable.isEmpty()) {
      return null;
    }
    long near = NEAR_FACTOR * quickest + NEAR_NANOS;
    usable.removeIf(each -> each.roundTripNanos > near);
    Server one = usable.get(draw(usable.size()));
    Server other = usable.get(draw(usable.size()));
    return other.outstanding < one.outstanding ? other : one;
  }

  /** That one, if it can be asked. */
  @Nullable Server usable(@Nullable NodeId node, Now now) {
    Server server = node == null ? null : byId.get(node);
    return server != null && server.isUsable(now) ? server : null;
  }

  private int draw(int bound) {
    return (int) Long.remainderUnsigned(entropy.nextLong(), bound);
  }
}
