package io.gamut.simulator.cluster;

import io.gamut.ledger.log.Participant;
import io.gamut.storage.committed.MemoryCommittedStore;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Snapshots that servers send each other, each as one message. */
final class SnapshotsOnTheWay {
  private static final long MICRO = 1_000;
  private static final int MICROS_MAX = 100_000;

  private final ClusterWorld world;
  private final List<ClusterServer> servers;
  private final ClusterNetwork network;
  private final SplittableRandom random;
  private final TreeSet<Participant> sending = new TreeSet<>();

  SnapshotsOnTheWay(
      ClusterWorld world,
      List<ClusterServer> servers,
      ClusterNetwork network,
      SplittableRandom random) {
    this.world = world;
    this.servers = servers;
    this.network = network;
    this.random = random;
  }

  /** Sends one, unless one is under way. */
  void send(ClusterServer from, Participant to) {
    int right = to.node().value();
    if (!network.isReachable(from.id.value(), right) || !sending.add(to)) {
      return;
    }
    MemoryCommittedStore snapshot = from.snapshot();
    ClusterServer receiver = servers.get(right);
    world.later(
        random.nextInt(MICROS_MAX) * MICRO,
        () -> {
          sending.remove(to);
          if (receiver.self().equals(to)) {
            world.note("server " + to + " gets a snapshot of " + snapshot.position());
            world.run(receiver, () -> receiver.install(snapshot));
          }
        });
  }
}
