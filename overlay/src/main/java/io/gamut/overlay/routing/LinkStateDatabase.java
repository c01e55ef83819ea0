package io.gamut.overlay.routing;

import io.gamut.core.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest advertisement of every node, and what to do with one that arrives: the flooding of
 * OSPF (RFC 2328, section 13) with reliable links and without areas.
 *
 * <p><b>Why it settles.</b> A node advertises anew whenever its links change, with a number above
 * all its former ones; each node passes on what is newer than what it holds, and answers what is
 * older with what it holds. When a link comes up, both ends exchange all they hold, so a newest
 * advertisement crosses every link of its part of the graph. A frame that is lost all the same (a
 * full queue) shows as a differing {@link #digest} in the neighbour's heartbeats, and the exchange
 * is repeated.
 *
 * <p><b>Older lives.</b> Numbers begin with an incarnation, normally the wall clock at start, so a
 * restarted node outbids its older life. If its clock was set back, it meets an advertisement of
 * its own that is newer than what it issued, and jumps above it (RFC 2328, section 13.4).
 *
 * <p><b>What is bounded.</b> At most {@code nodesMax} advertisements. When full, a node that is out
 * of reach makes room; if all are in reach, the newcomer is ignored. Nodes out of reach for long
 * are forgotten ({@link #expire}); only nodes in reach enter the digest and the exchange, so that
 * two neighbours do not hand each other the dead for ever.
 */
public final class LinkStateDatabase {
  private final NodeId self;
  private final int nodesMax;
  private final TreeMap<NodeId, Advertisement> table = new TreeMap<>();
  private final TreeMap<NodeId, Long> unreachableSinceMillis = new TreeMap<>();
  private @Nullable Routes routes;
  private @Nullable Long digest;

  /** What {@link #onAdvertisement} asks its caller to do. */
  public enum Reception {
    /** Newer than what was held: flood it to all neighbours but the sender. */
    FLOOD,
    /** Held already: nothing. */
    KNOWN,
    /** Older than what is held: send the sender what is held. */
    ANSWER,
    /** An older life's: flood {@link #own} to all neighbours, which outbids it. */
    REISSUED,
    /** No room: nothing. */
    TABLE_FULL
  }

  public LinkStateDatabase(NodeId self, long incarnation, int nodesMax) {
    this.self = self;
    this.nodesMax = nodesMax;
    table.put(self, new Advertisement(self, incarnation, 1, List.of()));
  }

  /** What this node says of itself. */
  public Advertisement own() {
    return held(self);
  }

  /** This node's links are now these. The caller floods what is returned to all neighbours. */
  public Advertisement onNeighbours(Collection<NodeId> neighbours) {
    return reissue(own(), neighbours);
  }

  public Reception onAdvertisement(Advertisement arrived) {
    if (arrived.origin().equals(self)) {
      return onOwn(arrived);
    }
    Advertisement held = table.get(arrived.origin());
    if (held == null && table.size() >= nodesMax && !makeRoom()) {
      return Reception.TABLE_FULL;
    }
    if (held == null || arrived.isNewerThan(held)) {
      put(arrived);
      return Reception.FLOOD;
    }
    return held.isNewerThan(arrived) ? Reception.ANSWER : Reception.KNOWN;
  }

  /** What is held of this node, which must be known: the answer to {@link Reception#ANSWER}. */
  public Advertisement held(NodeId origin) {
    Advertisement held = table.get(origin);
    if (held == null) {
      throw new IllegalArgumentException("no advertisement of node " + origin + " is held");
    }
    return held;
  }

  /**
   * What to send to a neighbour whose link has just come up: everything. What is out of reach now
   * may be in reach as soon as an advertisement that is still on its way has arrived, and would
   * then not be sent again; and the neighbour must hear of its own older life.
   */
  public List<Advertisement> all() {
    return List.copyOf(table.values());
  }

  /** What to send to a neighbour whose {@link #digest} differs: what enters the digest. */
  public List<Advertisement> inReach() {
    Routes now = routes();
    List<Advertisement> inReach = new ArrayList<>();
    for (Advertisement held : table.values()) {
      if (held.origin().equals(self) || now.isReachable(held.origin())) {
        inReach.add(held);
      }
    }
    return inReach;
  }

  /** Equal at two nodes that can reach each other when they hold the same; by chance 1 in 2^64. */
  public long digest() {
    Long known = digest;
    if (known == null) {
      long sum = 0;
      for (Advertisement held : inReach()) {
        sum += mix(mix(mix(held.origin().value()) + held.incarnation()) + held.sequence());
      }
      known = sum;
      digest = known;
    }
    return known;
  }

  /** The paths that follow from what is held now. */
  public Routes routes() {
    Routes now = routes;
    if (now == null) {
      now = Routes.over(self, table);
      routes = now;
    }
    return now;
  }

  /**
   * Forgets the nodes that have been out of reach for so long. To be called from time to time:
   * being out of reach counts from the first call that sees it.
   */
  public List<NodeId> expire(long nowMillis, long ageMillis) {
    Routes now = routes();
    List<NodeId> forgotten = new ArrayList<>();
    for (NodeId node : List.copyOf(table.keySet())) {
      if (node.equals(self) || now.isReachable(node)) {
        unreachableSinceMillis.remove(node);
      } else if (nowMillis - unreachableSinceMillis.computeIfAbsent(node, _ -> nowMillis)
          >= ageMillis) {
        forget(node);
        forgotten.add(node);
      }
    }
    return forgotten;
  }

  /** What is held, by node. */
  public SortedMap<NodeId, Advertisement> table() {
    return new TreeMap<>(table);
  }

  private Reception onOwn(Advertisement arrived) {
    Advertisement own = own();
    if (arrived.equals(own)) {
      return Reception.KNOWN;
    }
    if (own.isNewerThan(arrived)) {
      return Reception.ANSWER;
    }
    reissue(arrived, own.neighbours());
    return Reception.REISSUED;
  }

  /** Advertises these neighbours with a number just above the given advertisement's. */
  private Advertisement reissue(Advertisement above, Collection<NodeId> neighbours) {
    boolean exhausted = above.sequence() == Long.MAX_VALUE;
    long incarnation = exhausted ? above.incarnation() + 1 : above.incarnation();
    long sequence = exhausted ? 1 : above.sequence() + 1;
    Advertisement own = Advertisement.of(self, incarnation, sequence, neighbours);
    put(own);
    return own;
  }

  private boolean makeRoom() {
    Routes now = routes();
    for (NodeId node : table.keySet()) {
      if (!node.equals(self) && !now.isReachable(node)) {
        forget(node);
        return true;
      }
    }
    return false;
  }

  private void put(Advertisement advertisement) {
    table.put(advertisement.origin(), advertisement);
    routes = null;
    digest = null;
  }

  private void forget(NodeId node) {
    table.remove(node);
    unreachableSinceMillis.remove(node);
    routes = null;
    digest = null;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
