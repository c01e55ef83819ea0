package io.gamut.verify.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A directed graph of numbered nodes, whose edges say what they are; and its shortest circles. */
final class Digraph {
  private static final int UNSEEN = -1;

  /** How many nodes of a component are tried as the beginning of a shortest circle. */
  private static final int BEGINNINGS_MAX = 200;

  /** And how many edges are looked at for that, about; one is tried in any case. */
  private static final int EDGES_MAX = 20_000_000;

  /** An edge of a circle. */
  record Edge(int from, int to, byte label) {}

  /** An edge between nodes that stand for nothing but the way; it makes no circle longer. */
  static final byte PASSING = 0;

  private final int things;
  private int nodes;
  private int edges;
  private int[] froms = new int[64];
  private int[] tos = new int[64];
  private byte[] labels = new byte[64];

  /** Per node, where its edges begin in {@code order}; made when it is searched. */
  private int[] offsets = {};

  private int[] order = {};

  Digraph(int things) {
    this.things = things;
    nodes = things;
  }

  /** A node that stands for nothing but the way; its number. */
  int addPassage() {
    return nodes++;
  }

  void addEdge(int from, int to, byte label) {
    if (edges == froms.length) {
      froms = Arrays.copyOf(froms, 2 * edges);
      tos = Arrays.copyOf(tos, 2 * edges);
      labels = Arrays.copyOf(labels, 2 * edges);
    }
    froms[edges] = from;
    tos[edges] = to;
    labels[edges++] = label;
  }

  /** Of each component that has circles, one that is about as short as they get. */
  List<List<Edge>> circles(int most) {
    index();
    List<List<Edge>> circles = new ArrayList<>();
    for (int[] component : components()) {
      if (circles.size() == most) {
        break;
      }
      circles.add(shortestCircle(component));
    }
    return circles;
  }

  private void index() {
    offsets = new int[nodes + 1];
    for (int i = 0; i < edges; i++) {
      offsets[froms[i] + 1]++;
    }
    for (int i = 0; i < nodes; i++) {
      offsets[i + 1] += offsets[i];
    }
    int[] next = Arrays.copyOf(offsets, nodes);
    order = new int[edges];
    for (int i = 0; i < edges; i++) {
      order[next[froms[i]]++] = i;
    }
  }

  /**
   * Strongly connected components of more than one node, and nodes with an edge to themselves
   * (Tarjan, "Depth-first search and linear graph algorithms", 1972), without recursion.
   */
  private List<int[]> components() {
    List<int[]> components = new ArrayList<>();
    int[] numbers = new int[nodes];
    Arrays.fill(numbers, UNSEEN);
    int[] lows = new int[nodes];
    int[] nextEdge = Arrays.copyOf(offsets, nodes);
    boolean[] isOpen = new boolean[nodes];
    int[] open = new int[nodes];
    int[] path = new int[nodes];
    int opened = 0;
    int count = 0;
    for (int root = 0; root < nodes; root++) {
      if (numbers[root] != UNSEEN) {
        continue;
      }
      int depth = 0;
      path[depth++] = root;
      while (depth > 0) {
        int node = path[depth - 1];
        if (numbers[node] == UNSEEN) {
          numbers[node] = lows[node] = count++;
          open[opened++] = node;
          isOpen[node] = true;
        }
        if (nextEdge[node] < offsets[node + 1]) {
          int to = tos[order[nextEdge[node]++]];
          if (numbers[to] == UNSEEN) {
            path[depth++] = to;
          } else if (isOpen[to]) {
            lows[node] = Math.min(lows[node], numbers[to]);
          }
          continue;
        }
        depth--;
        if (depth > 0) {
          lows[path[depth - 1]] = Math.min(lows[path[depth - 1]], lows[node]);
        }
        if (lows[node] == numbers[node]) {
          int end = opened;
          do {
            isOpen[open[--opened]] = false;
          } while (open[opened] != node);
          if (end - opened > 1 || hasLoop(node)) {
            components.add(Arrays.copyOfRange(open, opened, end));
          }
        }
      }
    }
    return components;
  }

  private boolean hasLoop(int node) {
    for (int i = offsets[node]; i < offsets[node + 1]; i++) {
      if (tos[order[i]] == node) {
        return true;
      }
    }
    return false;
  }

  private List<Edge> shortestCircle(int[] component) {
    List<Edge> best = List.of();
    int[] through = new int[nodes];
    int[] distances = new int[nodes];
    int tries = Math.clamp(EDGES_MAX / Math.max(1, edges), 1, BEGINNINGS_MAX);
    for (int begin : component) {
      if (begin < things && tries-- > 0) {
        List<Edge> circle = circleThrough(begin, through, distances);
        if (!circle.isEmpty() && (best.isEmpty() || length(circle) < length(best))) {
          best = circle;
        }
      }
    }
    return best;
  }

  private static long length(List<Edge> circle) {
    return circle.stream().filter(edge -> edge.label != PASSING).count();
  }

  /**
   * A shortest circle through a node, breadth first, where what passes on costs nothing.
   *
   * @param through scratch: per node the edge it was reached by
   * @param distances scratch: per node how far it is
   */
  private List<Edge> circleThrough(int begin, int[] through, int[] distances) {
    Arrays.fill(distances, Integer.MAX_VALUE);
    ArrayDeque<Integer> reached = new ArrayDeque<>();
    reached.add(begin);
    distances[begin] = 0;
    while (!reached.isEmpty()) {
      int node = reached.remove();
      for (int i = offsets[node]; i < offsets[node + 1]; i++) {
        int edge = order[i];
        int to = tos[edge];
        if (to == begin) {
          return pathTo(begin, edge, through);
        }
        int cost = labels[edge] == PASSING ? 0 : 1;
        if (distances[node] + cost < distances[to]) {
          distances[to] = distances[node] + cost;
          through[to] = edge;
          if (cost == 0) {
            reached.addFirst(to);
          } else {
            reached.addLast(to);
          }
        }
      }
    }
    return List.of();
  }

  private List<Edge> pathTo(int begin, int last, int[] through) {
    List<Edge> path = new ArrayList<>();
    int edge = last;
    while (true) {
      path.addFirst(new Edge(froms[edge], tos[edge], labels[edge]));
      if (froms[edge] == begin) {
        return path;
      }
      edge = through[froms[edge]];
    }
  }
}
