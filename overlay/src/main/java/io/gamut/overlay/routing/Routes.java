package io.gamut.overlay.routing;

import io.gamut.core.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shortest paths over one state of the link-state table. A link counts only when both its ends
 * advertise it, so a half-known link carries nothing.
 *
 * <p><b>No loops.</b> The next hop to a destination is a neighbour that is one link nearer to it.
 * Where all nodes hold the same table, the distance falls with every hop, so a frame arrives after
 * exactly that many; where tables differ for a moment, the hop limit ends what goes round.
 *
 * <p><b>One tree.</b> Breadth-first search visits neighbours in ascending order of id, so it is a
 * function of the graph: all nodes with the same table see the same tree of a source, and each
 * passes a broadcast to its own children in it. A tree has one path to each node, so the broadcast
 * crosses each link at most once. For unicast the same search from this node gives, of all shortest
 * paths, the one with the smallest first hop.
 *
 * <p><b>Gateways are leaves.</b> Nothing is relayed by them, and broadcasts, which are for those
 * that hold data, do not go to them: they come and go, and many of them cost the servers nothing.
 */
public final class Routes {
  private final NodeId self;
  private final SortedMap<NodeId, List<NodeId>> links;
  private final Map<NodeId, NodeId> nextHops = new HashMap<>();
  private final Map<NodeId, Integer> distances = new HashMap<>();
  private final Map<NodeId, List<NodeId>> childrenBySource = new HashMap<>();

  private Routes(NodeId self, SortedMap<NodeId, List<NodeId>> links) {
    this.self = self;
    this.links = links;
    searchFromSelf();
  }

  /** The paths from {@code self} over what the table's advertisements confirm. */
  public static Routes over(NodeId self, SortedMap<NodeId, Advertisement> table) {
    TreeMap<NodeId, List<NodeId>> links = new TreeMap<>();
    table.forEach((node, advertisement) -> links.put(node, confirmed(advertisement, table)));
    return new Routes(self, links);
  }

  /** Empty if there is no path; this node itself has none either. */
  public Optional<NodeId> nextHop(NodeId destination) {
    return Optional.ofNullable(nextHops.get(destination));
  }

  /** Whether a path of at least one link leads there. */
  public boolean isReachable(NodeId node) {
    return nextHops.containsKey(node);
  }

  /** How many links away; 0 for this node itself, empty if there is no path. */
  public Optional<Integer> distance(NodeId node) {
    return Optional.ofNullable(distances.get(node));
  }

  /** All nodes to which a path leads, without this one. */
  public SortedSet<NodeId> reachable() {
    return new TreeSet<>(nextHops.keySet());
  }

  /** To whom this node passes on a broadcast of that source. Remembered per source. */
  public List<NodeId> children(NodeId source) {
    if (!source.equals(self) && !isReachable(source)) {
      return List.of();
    }
    return childrenBySource.computeIfAbsent(source, this::searchChildren);
  }

  /** This node and all in reach, with the links among them. */
  public Topology topology() {
    TreeSet<NodeId> nodes = new TreeSet<>(distances.keySet());
    TreeSet<Topology.Link> between = new TreeSet<>();
    for (NodeId node : nodes) {
      for (NodeId other : linksOf(node)) {
        if (node.compareTo(other) < 0) {
          between.add(new Topology.Link(node, other));
        }
      }
    }
    return new Topology(nodes, between);
  }

  private void searchFromSelf() {
    distances.put(self, 0);
    ArrayDeque<NodeId> queue = new ArrayDeque<>(List.of(self));
    while (!queue.isEmpty()) {
      NodeId node = queue.remove();
      int beyond = distances.getOrDefault(node, 0) + 1;
      for (NodeId next : linksBeyond(node, self)) {
        if (distances.putIfAbsent(next, beyond) == null) {
          nextHops.put(next, nextHops.getOrDefault(node, next));
          queue.add(next);
        }
      }
    }
  }

  private List<NodeId> searchChildren(NodeId source) {
    TreeSet<NodeId> seen = new TreeSet<>(List.of(source));
    ArrayDeque<NodeId> queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      NodeId node = queue.remove();
      List<NodeId> children = new ArrayList<>();
      for (NodeId next : linksBeyond(node, source)) {
        if (!next.isGateway() && seen.add(next)) {
          children.add(next);
        }
      }
      if (node.equals(self)) {
        return List.copyOf(children);
      }
      queue.addAll(children);
    }
    return List.of();
  }

  /** The links over which paths from a source go on behind a node. */
  private List<NodeId> linksBeyond(NodeId node, NodeId source) {
    return node.isGateway() && !node.equals(source) ? List.of() : linksOf(node);
  }

  private List<NodeId> linksOf(NodeId node) {
    return links.getOrDefault(node, List.of());
  }

  private static List<NodeId> confirmed(
      Advertisement advertisement, SortedMap<NodeId, Advertisement> table) {
    List<NodeId> confirmed = new ArrayList<>();
    for (NodeId other : advertisement.neighbours()) {
      Advertisement back = table.get(other);
      if (back != null
          && Collections.binarySearch(back.neighbours(), advertisement.origin()) >= 0) {
        confirmed.add(other);
      }
    }
    return confirmed;
  }
}
