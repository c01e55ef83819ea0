package io.gamut.overlay.routing;

import io.gamut.core.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What one node says of its links, numbered so that the latest word wins.
 *
 * @param origin who says it
 * @param incarnation which life of that node; its wall clock at start, or more
 * @param sequence counts the advertisements of one incarnation from 1
 * @param neighbours the other ends of its links, ascending, without repeats
 */
public record Advertisement(
    NodeId origin, long incarnation, long sequence, List<NodeId> neighbours) {
  public Advertisement {
    if (incarnation < 0 || sequence < 0) {
      throw new IllegalArgumentException(
          "incarnation and sequence are not negative: " + incarnation + ", " + sequence);
    }
    neighbours = List.copyOf(neighbours);
    for (int i = 1; i < neighbours.size(); i++) {
      if (neighbours.get(i - 1).compareTo(neighbours.get(i)) >= 0) {
        throw new IllegalArgumentException("neighbours must ascend: " + neighbours);
      }
    }
  }

  /** Sorts the neighbours and removes repeats. */
  public static Advertisement of(
      NodeId origin, long incarnation, long sequence, Collection<NodeId> neighbours) {
    return new Advertisement(origin, incarnation, sequence, List.copyOf(new TreeSet<>(neighbours)));
  }

  /** Whether this one replaces the other, of the same origin. */
  public boolean isNewerThan(Advertisement other) {
    int byIncarnation = Long.compare(incarnation, other.incarnation);
    return byIncarnation != 0 ? byIncarnation > 0 : sequence > other.sequence;
  }

  @Override
  public String toString() {
    return origin + "@" + incarnation + "." + sequence + neighbours;
  }
}
