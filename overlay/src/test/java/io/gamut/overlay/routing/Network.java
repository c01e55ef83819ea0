package io.gamut.overlay.routing;

import io.gamut.core.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Link-state tables that flood among each other by hand, in an order drawn from a seed. */
final class Network {
  private static final long STEPS_MAX = 2_000_000;

  private final TreeMap<NodeId, LinkStateDatabase> nodes = new TreeMap<>();
  private final TreeMap<NodeId, TreeSet<NodeId>> links = new TreeMap<>();
  private final TreeMap<String, ArrayDeque<Advertisement>> flights = new TreeMap<>();
  private final TreeMap<String, NodeId[]> ends = new TreeMap<>();
  private final SplittableRandom dice;

  Network(long seed) {
    dice = new SplittableRandom(seed);
  }

  static NodeId id(int value) {
    return new NodeId(value);
  }

  void start(int node, long incarnation) {
    nodes.put(id(node), new LinkStateDatabase(id(node), incarnation, 1_024));
    links.put(id(node), new TreeSet<>());
  }

  void stop(int node) {
    for (NodeId other : List.copyOf(links.getOrDefault(id(node), new TreeSet<>()))) {
      unlink(node, other.value());
    }
    nodes.remove(id(node));
    links.remove(id(node));
  }

  void link(int a, int b) {
    linksOf(id(a)).add(id(b));
    linksOf(id(b)).add(id(a));
    up(id(a), id(b));
    up(id(b), id(a));
  }

  void unlink(int a, int b) {
    linksOf(id(a)).remove(id(b));
    linksOf(id(b)).remove(id(a));
    flights.keySet().removeIf(k -> k.equals(key(id(a), id(b))) || k.equals(key(id(b), id(a))));
    flood(id(a), List.of(at(a).onNeighbours(linksOf(id(a)))), id(b));
    flood(id(b), List.of(at(b).onNeighbours(linksOf(id(b)))), id(a));
  }

  boolean isLinked(int a, int b) {
    return linksOf(id(a)).contains(id(b));
  }

  LinkStateDatabase at(int node) {
    LinkStateDatabase database = nodes.get(id(node));
    if (database == null) {
      throw new IllegalArgumentException("node " + node + " does not run");
    }
    return database;
  }

  Set<NodeId> ids() {
    return nodes.keySet();
  }

  /** Delivers everything in flight, one random link at a time, each in order. */
  void settle() {
    for (long steps = 0; !flights.isEmpty(); steps++) {
      if (steps > STEPS_MAX) {
        throw new AssertionError("flooding does not end");
      }
      List<String> keys = new ArrayList<>(flights.keySet());
      String key = keys.get(dice.nextInt(keys.size()));
      ArrayDeque<Advertisement> flight = flights.get(key);
      NodeId[] fromTo = ends.get(key);
      if (flight == null || fromTo == null) {
        throw new AssertionError(key);
      }
      Advertisement next = flight.remove();
      if (flight.isEmpty()) {
        flights.remove(key);
      }
      receive(fromTo[0], fromTo[1], next);
    }
  }

  /** The nodes a frame passes, the destination last; fails when it loops or is lost. */
  List<NodeId> travel(int from, int to) {
    List<NodeId> path = new ArrayList<>();
    NodeId here = id(from);
    while (!here.equals(id(to))) {
      here = at(here.value()).routes().nextHop(id(to)).orElseThrow();
      path.add(here);
      if (path.size() > nodes.size()) {
        throw new AssertionError("a loop: " + path);
      }
    }
    return path;
  }

  /** Every arrival of a broadcast, the source's own not included. */
  List<NodeId> broadcast(int source) {
    List<NodeId> arrivals = new ArrayList<>();
    ArrayDeque<NodeId> queue = new ArrayDeque<>(List.of(id(source)));
    while (!queue.isEmpty() && arrivals.size() <= nodes.size()) {
      List<NodeId> children = at(queue.remove().value()).routes().children(id(source));
      arrivals.addAll(children);
      queue.addAll(children);
    }
    return arrivals;
  }

  /** True distances, by search over the real links. */
  SortedMap<NodeId, Integer> distances(int from) {
    TreeMap<NodeId, Integer> distances = new TreeMap<>();
    distances.put(id(from), 0);
    Set<NodeId> layer = new HashSet<>(Set.of(id(from)));
    for (int distance = 1; !layer.isEmpty(); distance++) {
      Set<NodeId> next = new TreeSet<>();
      for (NodeId node : layer) {
        for (NodeId other : linksOf(node)) {
          if (distances.putIfAbsent(other, distance) == null) {
            next.add(other);
          }
        }
      }
      layer = next;
    }
    return distances;
  }

  private void up(NodeId node, NodeId other) {
    LinkStateDatabase database = at(node.value());
    flood(node, List.of(database.onNeighbours(linksOf(node))), other);
    send(node, other, database.all());
  }

  private void receive(NodeId from, NodeId to, Advertisement advertisement) {
    LinkStateDatabase database = at(to.value());
    switch (database.onAdvertisement(advertisement)) {
      case FLOOD -> flood(to, List.of(advertisement), from);
      case ANSWER -> send(to, from, List.of(database.held(advertisement.origin())));
      case REISSUED -> flood(to, List.of(database.own()), to);
      case KNOWN, TABLE_FULL -> {}
    }
  }

  private void flood(NodeId from, List<Advertisement> advertisements, NodeId except) {
    for (NodeId to : linksOf(from)) {
      if (!to.equals(except)) {
        send(from, to, advertisements);
      }
    }
  }

  private void send(NodeId from, NodeId to, List<Advertisement> advertisements) {
    ends.put(key(from, to), new NodeId[] {from, to});
    flights.computeIfAbsent(key(from, to), _ -> new ArrayDeque<>()).addAll(advertisements);
  }

  private SortedSet<NodeId> linksOf(NodeId node) {
    return links.computeIfAbsent(node, _ -> new TreeSet<>());
  }

  private static String key(NodeId from, NodeId to) {
    return from + ">" + to;
  }
}
