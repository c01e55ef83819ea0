package io.gamut.simulator.cluster;

import io.gamut.replication.Input;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells servers, a little later, of direct links that came up or went down. */
final class Neighbours {
  private static final int NOTICED_MICROS = 100;

  private final ClusterWorld world;
  private final ClusterNetwork network;
  private final Map<Ends, State> known = new HashMap<>();

  private record Ends(int from, int to) {}

  /** With the lives of both ends: a restart ends a link. */
  private record State(boolean isUp, int lifeFrom, int lifeTo) {}

  Neighbours(ClusterWorld world, ClusterNetwork network) {
    this.world = world;
    this.network = network;
  }

  void refresh(List<ClusterServer> servers) {
    for (ClusterServer left : servers) {
      for (ClusterServer right : servers) {
        if (left != right && left.isUp()) {
          refresh(left, right);
        }
      }
    }
  }

  private void refresh(ClusterServer left, ClusterServer right) {
    int from = left.id.value();
    int to = right.id.value();
    boolean isCut = network.links().isCut(from, to) || network.links().isCut(to, from);
    boolean isUp = !isCut && right.isUp();
    State state = new State(isUp, left.life(), isUp ? right.life() : 0);
    if (!state.equals(known.put(new Ends(from, to), state))) {
      Input news = isUp ? new Input.NeighbourUp(right.id) : new Input.NeighbourDown(right.id);
      world.inSameLife(left, NOTICED_MICROS, () -> left.step(news));
    }
  }
}
