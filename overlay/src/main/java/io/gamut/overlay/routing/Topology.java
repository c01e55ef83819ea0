package io.gamut.overlay.routing;

import io.gamut.core.NodeId;
import java.util.SortedSet;

/** A graph as one node sees it: nodes, and links that both ends confirm. */
public record Topology(SortedSet<NodeId> nodes, SortedSet<Link> links) {
  /** A link between two nodes, the lower id first. */
  public record Link(NodeId low, NodeId high) implements Comparable<Link> {
    public Link {
      if (low.compareTo(high) >= 0) {
        throw new IllegalArgumentException(
            "a link names its lower end first: " + low + ", " + high);
      }
    }

    @Override
    public int compareTo(Link other) {
      int byLow = low.compareTo(other.low);
      return byLow != 0 ? byLow : high.compareTo(other.high);
    }

    @Override
    public String toString() {
      return low + "-" + high;
    }
  }
}
