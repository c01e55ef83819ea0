package io.gamut.simulator.cluster;

import io.gamut.core.Change;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.strong.StrongInput;
import io.gamut.simulator.Judge;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers, at the end of a run, for a weak write and a strong one, until each is answered as
 * it must be: all are taken where the clock is right, and refused in words where it is far off.
 */
final class Probes {
  private static final long WAIT_NANOS = 1_500_000_000;

  private final ClusterWorld world;
  private final List<ClusterServer> servers;
  private final Map<Long, Probe> open = new HashMap<>();
  private final Map<ClusterServer, Probe> weak = new HashMap<>();
  private final Map<ClusterServer, Probe> strong = new HashMap<>();

  /** One question, asked again until the answer is what is waited for. */
  private static final class Probe {
    final boolean isWeak;
    int life = -1;
    boolean isTaken;
    boolean isRefused;

    Probe(boolean isWeak) {
      this.isWeak = isWeak;
    }
  }

  Probes(ClusterWorld world, List<ClusterServer> servers) {
    this.world = world;
    this.servers = servers;
    for (ClusterServer server : servers) {
      weak.put(server, new Probe(true));
      strong.put(server, new Probe(false));
    }
  }

  /** What is missing so that each is answered as it must be; null for nothing. */
  @Nullable String missing(Predicate<ClusterServer> isRight) {
    String missing = null;
    for (ClusterServer server : servers) {
      boolean isTaken = isRight.test(server);
      for (Probe probe : List.of(at(weak, server), at(strong, server))) {
        if (isTaken ? !probe.isTaken : !probe.isRefused) {
          missing = server.self() + (probe.isWeak ? " weakly " : " strongly ") + isTaken;
          ask(server, probe);
        }
      }
    }
    return missing;
  }

  private static Probe at(Map<ClusterServer, Probe> probes, ClusterServer server) {
    return Objects.requireNonNull(probes.get(server));
  }

  private void ask(ClusterServer server, Probe probe) {
    if (!server.isUp() || probe.life == server.life()) {
      return;
    }
    probe.life = server.life();
    long request = world.nextRequest();
    open.put(request, probe);
    int node = server.id.value();
    long deadline = world.now(node).nanos() + WAIT_NANOS;
    Key key = Key.of("probe-" + node);
    if (probe.isWeak) {
      VersionVector none = VersionVector.EMPTY;
      world.ask(
          node,
          request,
          new Input.Write(request, key, Judge.value(request), none, 0, 0, null, deadline));
    } else {
      Operation put = Operation.of(new Change.Put(key, Judge.value(request)));
      world.ask(
          node, request, new StrongInput.Execute(request, put, Requirement.NONE, 0, deadline));
    }
  }

  void onReply(long request, Reply reply) {
    Probe probe = open.remove(request);
    if (probe != null) {
      probe.life = -1;
      probe.isTaken |= reply instanceof Reply.Written || reply instanceof Reply.Executed;
      probe.isRefused |=
          reply instanceof Reply.Failed(ErrorCode code, String _) && code == ErrorCode.CLOCK;
    }
  }
}
