package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.core.VersionVector;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of the other replicas: the life they are in, what they hold, who is near.
 *
 * <p>The boots keep an earlier life of a server out: a message of a boot below the highest one
 * heard is refused. A server may have lost part of its disk between two lives, so what its earlier
 * life held counts for nothing.
 */
final class Peers {
  private final TreeMap<NodeId, Long> boots;
  private final TreeMap<NodeId, VersionVector> held = new TreeMap<>();
  private final TreeMap<NodeId, VersionVector> shown = new TreeMap<>();
  private final TreeSet<NodeId> neighbours = new TreeSet<>();

  /** Takes up the lives that must not be forgotten. */
  Peers(Map<NodeId, Long> boots) {
    this.boots = new TreeMap<>(boots);
  }

  /** What a message's boot says about its sender. */
  enum Life {
    /** The one that was heard before. */
    SAME,
    /** A later one, or the first that is heard. */
    NEW,
    /** An earlier one: its messages must not count any more. */
    OVER
  }

  Life onBoot(NodeId node, long boot) {
    Long known = boots.get(node);
    if (known != null && boot < known) {
      return Life.OVER;
    }
    if (known != null && boot == known) {
      return Life.SAME;
    }
    boots.put(node, boot);
    held.remove(node);
    shown.remove(node);
    return Life.NEW;
  }

  /** The highest boot heard of a server, 0 when none was. */
  long boot(NodeId node) {
    return boots.getOrDefault(node, 0L);
  }

  /** The boots of all servers that were ever heard. */
  Map<NodeId, Long> boots() {
    return boots;
  }

  void onAdvert(NodeId node, VersionVector received, VersionVector visible) {
    held.merge(node, received, VersionVector::join);
    shown.merge(node, visible, VersionVector::join);
  }

  void onNeighbourUp(NodeId node) {
    neighbours.add(node);
  }

  void onNeighbourDown(NodeId node) {
    neighbours.remove(node);
  }

  boolean isNeighbour(NodeId node) {
    return neighbours.contains(node);
  }

  Collection<NodeId> neighbours() {
    return neighbours;
  }

  /** What a replica is known to hold durably; empty before it was heard in its present life. */
  VersionVector held(NodeId node) {
    return held.getOrDefault(node, VersionVector.EMPTY);
  }

  /** Whether each of {@code members} has said in its present life what it holds. */
  boolean areHeard(Collection<NodeId> members) {
    return held.keySet().containsAll(members);
  }

  /** What the members and the neighbours hold, taken together; a neighbour may have left. */
  VersionVector heldByAny(Collection<NodeId> members) {
    TreeSet<NodeId> all = new TreeSet<>(members);
    all.addAll(neighbours);
    VersionVector any = VersionVector.EMPTY;
    for (NodeId node : all) {
      any = any.join(held(node));
    }
    return any;
  }

  /** A replica has answered with gaps, so it holds what closes them. */
  void onBarrier(NodeId node, VersionVector barrier) {
    held.computeIfPresent(node, (_, known) -> known.join(barrier));
  }

  /**
   * What all of {@code members} show, and {@code mine} too: stable, in the word of Demers and of
   * Bayou, and closed under causes. No member will ever need these updates sent again.
   */
  VersionVector shownByAll(VersionVector mine, Collection<NodeId> members) {
    VersionVector all = mine;
    for (NodeId member : members) {
      all = all.meet(shown.getOrDefault(member, VersionVector.EMPTY));
    }
    return all;
  }
}
