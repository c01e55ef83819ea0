package io.gamut.simulator.cluster;

import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.replication.View;
import io.gamut.replication.group.GroupReplica;
import io.gamut.simulator.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a run, when all faults have ended and nobody asks for anything. */
record Settling(ClusterJudge judge, List<ClusterServer> servers, List<ClusterClient> clients) {
  boolean isSettled() {
    return missing() == null;
  }

  /**
   * What is not as it should be in the end; null if all is. What was lost with a disk is waited for
   * by nobody.
   */
  @Nullable String missing() {
    VersionVector received = VersionVector.EMPTY;
    ClusterServer leader = null;
    for (ClusterServer server : servers) {
      if (!server.isUp()) {
        return server.self() + " is down";
      }
      received = received.join(server.replica().weak().received());
      leader = server.replica().ledger().isLeader() ? server : leader;
    }
    if (leader == null) {
      return "nobody leads";
    }
    for (ClusterServer server : servers) {
      String missing = missing(server, leader.configuration(), received);
      if (missing != null) {
        return server.self() + ": " + missing + "; " + describe(server);
      }
    }
    return clients.stream().anyMatch(ClusterClient::isWaiting) ? "a client waits" : null;
  }

  private @Nullable String missing(
      ClusterServer server, Configuration configuration, VersionVector received) {
    GroupReplica replica = server.replica();
    if (!configuration.isVoter(server.self())
        || configuration.everyone().size() != servers.size()) {
      return "not all take part: " + configuration;
    }
    if (replica.machine().applied().index() != judge.reference().lastIndex()) {
      return "not all is applied of " + judge.reference().lastIndex();
    }
    if (!replica.weak().received().equals(received)) {
      return "not all is received of " + received;
    }
    if (!replica.weak().visible().equals(received)) {
      return "not all is shown of " + received;
    }
    if (!replica.machine().absorbed().covers(received)) {
      return "not all is absorbed of " + received;
    }
    if (replica.machine().toClose() != null) {
      return "not all is closed";
    }
    if (replica.machine().isCollectable()) {
      return "not all is collected";
    }
    if (replica.weak().members().members().size() != servers.size()) {
      return "not all members are known";
    }
    return server.isAsked() ? "a request waits" : null;
  }

  private static String describe(ClusterServer server) {
    GroupReplica replica = server.replica();
    return "term "
        + replica.ledger().term()
        + (replica.ledger().isLeader() ? " leads" : " follows " + replica.ledger().leader())
        + ", applied "
        + replica.machine().applied().index()
        + ", committed "
        + replica.ledger().commitIndex()
        + " of "
        + replica.ledger().lastIndex()
        + ", received "
        + replica.weak().received()
        + ", visible "
        + replica.weak().visible()
        + ", absorbed "
        + replica.machine().absorbed();
  }

  /** Holds what all have come to against what was promised. */
  void requireOne() {
    List<Pair> first = null;
    for (ClusterServer server : servers) {
      View view = server.opened().view;
      List<Pair> all = new ArrayList<>(view.scan(null, Integer.MAX_VALUE));
      if (first == null) {
        first = all;
      } else if (!isSame(first, all)) {
        throw new Violation("in the end all views are equal", first + " and " + all);
      }
      judge.weak().onSettled(server.id, view::lookup);
    }
  }

  private static boolean isSame(List<Pair> left, List<Pair> right) {
    boolean isSame = left.size() == right.size();
    for (int i = 0; isSame && i < left.size(); i++) {
      isSame =
          left.get(i).key().equals(right.get(i).key())
              && left.get(i).version().equals(right.get(i).version())
              && left.get(i).content().equals(right.get(i).content());
    }
    return isSame;
  }
}
