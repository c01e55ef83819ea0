package io.gamut.simulator.cluster;

import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.strong.StrongInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Disks that are lost in a simulated cluster, and operators who have their servers removed. */
final class Losses {
  private static final long WAIT_NANOS = 500_000_000;

  private final ClusterWorld world;
  private final ClusterJudge judge;
  private final List<ClusterServer> servers;
  private static final int DOWN = -1;

  private List<Integer> witnesses = List.of();
  private final Set<Long> removals = new HashSet<>();

  Losses(ClusterWorld world, ClusterJudge judge, List<ClusterServer> servers) {
    this.world = world;
    this.judge = judge;
    this.servers = servers;
  }

  /** A server comes up with an empty disk at once. */
  void wipe(ClusterServer wiped) {
    if (mayLose(wiped)) {
      lose(wiped);
      world.start(wiped);
    }
  }

  private static void lose(ClusterServer loser) {
    if (loser.isUp()) {
      loser.crashAfter(0, true);
    }
    loser.replaceDisk(false);
  }

  /** An operator has a server removed; if its disk is lost, it stays down for now. */
  void remove(ClusterAction.Remove action) {
    ClusterServer removed = servers.get(action.server());
    ClusterServer by = servers.get(action.by());
    if (by == removed || !by.isUp() || !mayLose(removed)) {
      return;
    }
    if (action.isLost()) {
      lose(removed);
    }
    long request = world.nextRequest();
    removals.add(request);
    long deadline = world.now(action.by()).nanos() + WAIT_NANOS;
    world.ask(action.by(), request, new StrongInput.Remove(request, removed.id, deadline));
  }

  // Disks that are set back

  /**
   * While it is down for a moment. A copy from when it was the only voter would lead by itself:
   * that is not seen in time.
   */
  void copy(ClusterServer server) {
    if (!server.isUp()
        || server.replica().machine().applied().configuration().isOnlyVoter(server.self())) {
      return;
    }
    server.crashAfter(0, true);
    server.disks().copy();
    world.start(server);
    witnesses = lives(server);
  }

  /** If all who have heard it since the copy are there to say so. */
  void setBack(ClusterServer server) {
    if (server.disks().hasCopy()
        && mayLose(server)
        && witnesses.equals(lives(server))
        && !witnesses.contains(DOWN)) {
      if (server.isUp()) {
        server.crashAfter(0, true);
      }
      server.disks().setBack();
      judge.weak().onDiskReplaced(server.id);
      world.note("server " + server.self() + " has an old disk");
      world.beQuiet();
      world.start(server);
    }
  }

  /** The lives of the other servers; none where one is down, which is nobody's. */
  private List<Integer> lives(ClusterServer server) {
    return servers.stream()
        .filter(other -> other != server)
        .map(other -> other.isUp() ? other.life() : DOWN)
        .toList();
  }

  /** Whether this answers an operator, who may have asked for what cannot be done. */
  boolean isAnswered(long request) {
    return removals.remove(request);
  }

  /** Of each configuration that may be in force a majority must keep its disks. */
  private boolean mayLose(ClusterServer loser) {
    List<Configuration> inForce = new ArrayList<>(judge.reference().configurations());
    inForce.addAll(configurations());
    boolean isOtherUp = servers.stream().anyMatch(other -> other != loser && other.isUp());
    return isOtherUp && inForce.stream().allMatch(each -> canDoWithout(loser.self(), each));
  }

  private List<Configuration> configurations() {
    return servers.stream().map(ClusterServer::configuration).toList();
  }

  /** A change may have been under way while a disk was lost: nobody could have known. */
  boolean isMajorityLeft() {
    return configurations().stream().allMatch(each -> canDoWithout(null, each));
  }

  private boolean canDoWithout(@Nullable Participant lost, Configuration configuration) {
    List<Participant> left =
        configuration.voters().stream()
            .filter(each -> servers.get(each.node().value()).self().equals(each))
            .filter(each -> !each.equals(lost))
            .toList();
    return configuration.voters().isEmpty() || configuration.isMajority(left);
  }
}
