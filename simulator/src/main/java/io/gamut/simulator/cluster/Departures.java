package io.gamut.simulator.cluster;

import io.gamut.core.Reply;
import io.gamut.replication.Input;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Servers of a simulated cluster that leave in order. */
final class Departures {
  private static final long STOPPED_NANOS = 1_000_000;

  private final ClusterWorld world;
  private final List<ClusterServer> servers;
  private final Map<Long, ClusterAction.Leave> leaving = new HashMap<>();
  private final TreeSet<Integer> isGone = new TreeSet<>();

  Departures(ClusterWorld world, List<ClusterServer> servers) {
    this.world = world;
    this.servers = servers;
  }

  /** Unless nobody would stay that has all its life been a member. */
  void begin(ClusterAction.Leave leave) {
    ClusterServer server = servers.get(leave.server());
    if (server.isUp() && !isGoing(server) && somebodyStays(server)) {
      long request = world.nextRequest();
      leaving.put(request, leave);
      world.run(server, () -> server.ask(request, new Input.Leave(request)));
    }
  }

  private boolean isGoing(ClusterServer server) {
    int node = server.id.value();
    return server.disks().isReplaced()
        || isGone.contains(node)
        || leaving.values().stream().anyMatch(leave -> leave.server() == node);
  }

  private boolean somebodyStays(ClusterServer leaver) {
    return servers.stream().anyMatch(other -> other != leaver && other.isUp() && !isGoing(other))
        && leaver.replica().weak().members().members().stream()
            .filter(member -> member.isActive() && !member.node().equals(leaver.id))
            .anyMatch(member -> !isGoing(servers.get(member.node().value())));
  }

  void onReply(long request, Reply reply) {
    ClusterAction.Leave leave = leaving.remove(request);
    if (leave != null && reply instanceof Reply.Done) {
      world.later(STOPPED_NANOS, () -> onLeft(leave));
    }
  }

  private void onLeft(ClusterAction.Leave leave) {
    ClusterServer server = servers.get(leave.server());
    isGone.add(leave.server());
    if (server.isUp()) {
      server.crashAfter(0, true);
    }
    if (leave.isThrownAway()) {
      server.replaceDisk(true);
    }
  }

  void onCrash(int node) {
    leaving.values().removeIf(leave -> leave.server() == node);
  }
}
