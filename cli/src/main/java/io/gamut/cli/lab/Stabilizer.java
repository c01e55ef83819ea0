package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.client.ConnectionException;
import io.gamut.trial.cluster.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Waits until all values have reached all servers that they can reach.
 *
 * <p>Servers with a path between them form a part; those of one part must hold and show the same
 * updates and as much of the ledger, with nothing under way inside them. Since the lab sends one
 * command at a time, and each write was acknowledged, no update is anywhere but in some server's
 * vector: equal vectors in a part mean that there is nothing more to come.
 */
final class Stabilizer {
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  private final Cluster cluster;

  Stabilizer(Cluster cluster) {
    this.cluster = cluster;
  }

  void run() throws ScriptException, InterruptedException {
    List<List<LabServer>> parts = parts();
    Poll.until(NANOS_MAX, () -> agree(parts), () -> "values are still under way: " + report(parts));
  }

  private boolean agree(List<List<LabServer>> parts) throws ScriptException {
    for (List<LabServer> part : parts) {
      List<Status> statuses = List.copyOf(statuses(part).values());
      for (Status status : statuses) {
        if (!status.agreesWith(statuses.getFirst())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Asks all at once, so that a round takes as long as the slowest and not as all together. */
  private static Map<Integer, Status> statuses(List<LabServer> part) throws ScriptException {
    Map<Integer, Status> statuses = new TreeMap<>();
    try {
      for (LabServer server : part) {
        server.control().send("GAMUT", "STATUS");
        server.control().flush();
      }
      for (LabServer server : part) {
        statuses.put(server.id(), Cluster.status(server.control().receive()));
      }
    } catch (ConnectionException e) {
      part.forEach(LabServer::dropControl); // replies of the others may still be under way
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
    return statuses;
  }

  private static String report(List<List<LabServer>> parts) throws ScriptException {
    List<String> lines = new ArrayList<>();
    for (List<LabServer> part : parts) {
      statuses(part)
          .forEach((id, status) ->
              lines.add(
                  "server %d shows %s of %s, and the ledger to %d%s"
                      .formatted(
                          id,
                          status.visible(),
                          status.received(),
                          status.applied(),
                          status.settled() ? "" : " and is busy")));
    }
    return String.join("; ", lines);
  }

  /** The connected parts of the servers that answer. */
  List<List<LabServer>> parts() {
    Map<Integer, LabServer> left = new HashMap<>();
    cluster.answering().forEach(server -> left.put(server.id(), server));
    List<List<LabServer>> parts = new ArrayList<>();
    for (LabServer seed : cluster.answering()) {
      if (left.remove(seed.id()) != null) {
        parts.add(reachable(seed, left));
      }
    }
    return parts;
  }

  private List<LabServer> reachable(LabServer seed, Map<Integer, LabServer> left) {
    List<LabServer> part = new ArrayList<>(List.of(seed));
    Deque<LabServer> toVisit = new ArrayDeque<>(part);
    while (!toVisit.isEmpty()) {
      int from = toVisit.pop().id();
      for (LabServer other : List.copyOf(left.values())) {
        if (!cluster.isCut(from, other.id())) {
          left.remove(other.id());
          part.add(other);
          toVisit.push(other);
        }
      }
    }
    return part;
  }
}
