package io.gamut.simulator;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** The links of a simulated world, each to be cut and healed; servers by number. */
public final class Links {
  private final boolean[][] cut;

  public Links(int servers) {
    cut = new boolean[servers][servers];
  }

  public boolean isCut(int from, int to) {
    return cut[from][to];
  }

  public void cut(int left, int right) {
    cutOneWay(left, right);
    cutOneWay(right, left);
  }

  public void cutOneWay(int from, int to) {
    cut[from][to] = true;
  }

  /** Cuts all links of a server. */
  public void isolate(int server) {
    for (int other = 0; other < cut.length; other++) {
      cut(server, other);
    }
  }

  public void healAll() {
    for (boolean[] row : cut) {
      Arrays.fill(row, false);
    }
  }

  /** Whether there is a path whose servers on the way relay. */
  public boolean isReachable(int from, int to, IntPredicate relays) {
    boolean[] reached = new boolean[cut.length];
    ArrayDeque<Integer> next = new ArrayDeque<>(List.of(from));
    reached[from] = true;
    while (!next.isEmpty()) {
      int node = next.remove();
      if (node == to) {
        return true;
      }
      for (int other = 0; other < cut.length; other++) {
        if (!reached[other] && !cut[node][other] && (other == to || relays.test(other))) {
          reached[other] = true;
          next.add(other);
        }
      }
    }
    return false;
  }
}
