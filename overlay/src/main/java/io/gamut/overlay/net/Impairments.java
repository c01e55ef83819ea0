package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Which links are cut, slow or lossy on purpose; remembered while they are down. */
final class Impairments {
  private final Set<NodeId> cuts = new HashSet<>();
  private final Map<NodeId, Long> delaysNanos = new HashMap<>();
  private final Map<NodeId, Loss> losses = new HashMap<>();

  private record Loss(double probability, SplittableRandom dice) {}

  boolean isCut(NodeId neighbour) {
    return cuts.contains(neighbour);
  }

  void cut(NodeId neighbour) {
    cuts.add(neighbour);
  }

  void heal(NodeId neighbour) {
    cuts.remove(neighbour);
  }

  void delay(NodeId neighbour, long nanos) {
    if (nanos == 0) {
      delaysNanos.remove(neighbour);
    } else {
      delaysNanos.put(neighbour, nanos);
    }
  }

  void lose(NodeId neighbour, double probability, long seed) {
    if (probability == 0) {
      losses.remove(neighbour);
    } else {
      losses.put(neighbour, new Loss(probability, new SplittableRandom(seed)));
    }
  }

  long delayNanos(NodeId neighbour) {
    return delaysNanos.isEmpty() ? 0 : delaysNanos.getOrDefault(neighbour, 0L);
  }

  /** Throws the dice for one frame. */
  boolean losesNext(NodeId neighbour) {
    if (losses.isEmpty()) {
      return false;
    }
    Loss loss = losses.get(neighbour);
    return loss != null && loss.dice.nextDouble() < loss.probability;
  }
}
