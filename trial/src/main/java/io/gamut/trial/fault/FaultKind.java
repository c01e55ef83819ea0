package io.gamut.trial.fault;

import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.cluster.Cluster.Processes;
import java.util.Locale;
import java.util.Optional;

/** The kinds of faults there are. */
public enum FaultKind {
  /** One server loses all its links. */
  ISOLATE(Part.LINKS, 2),
  /** Two parts without links between them. */
  HALVES(Part.LINKS, 2),
  /** Two parts, and one server in both. */
  BRIDGE(Part.LINKS, 3),
  /** Each server keeps two links. */
  RING(Part.LINKS, 4),
  /** A line, the leader at its end. */
  CHAIN(Part.LINKS, 3),
  /** All are linked with one only, which does not lead. */
  QUORUM_LOSS(Part.LINKS, 3),
  /** The same, that one has missed something, and the leader has no link. */
  CONSTRAINED_ELECTION(Part.LINKS, 3),
  /** A link that goes and comes. */
  FLAPPING(Part.LINKS, 2),
  /** Nothing comes through in one direction. */
  ONE_WAY(Part.LINKS, 2),
  /** A slow link. */
  DELAY(Part.LINKS, 2),
  /** A link that loses some of what is sent. */
  LOSS(Part.LINKS, 2),
  /** {@code kill -9} of one server. */
  KILL(Part.PROCESSES, 1),
  /** {@code kill -9} of all servers at once. */
  KILL_ALL(Part.PROCESSES, 1),
  /** One server stands still. */
  PAUSE(Part.PROCESSES, 1),
  /** One server ends in order, and comes back. */
  STOP(Part.LIVES, 1),
  /** One server after the other ends in order, and is back. */
  ROLLING_RESTART(Part.LIVES, 1),
  /** A server joins, and leaves again. */
  MEMBERSHIP(Part.LIVES, 1),
  /** The disk of a server takes its time. */
  SLOW_DISK(Part.SERVERS, 1),
  /** The disk of a server has no room. */
  FULL_DISK(Part.SERVERS, 1),
  /** The clock of a server is wrong. */
  CLOCK(Part.SERVERS, 3);

  /** What it is done to. */
  public enum Part {
    /** Links between servers, by the lab's commands. */
    LINKS,
    /** Processes of servers. */
    PROCESSES,
    /** The same, of servers that are started from here. */
    LIVES,
    /** What a server sees of its machine, by the lab's commands. */
    SERVERS
  }

  private final Part part;
  private final int serversMin;

  FaultKind(Part part, int serversMin) {
    this.part = part;
    this.serversMin = serversMin;
  }

  /** Its name, as it is typed and as the history tells it. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Part part() {
    return part;
  }

  /** Whether a cluster can have it. */
  public boolean isPossible(Cluster cluster) {
    return cluster.count() >= serversMin
        && switch (part) {
          case LINKS, SERVERS -> true;
          case PROCESSES -> cluster.processes().isPresent();
          case LIVES -> cluster.processes().filter(Processes::startsServers).isPresent();
        };
  }

  /** Whether servers have to be started with {@code --lab} for it. */
  public boolean needsLab() {
    return part == Part.LINKS || part == Part.SERVERS;
  }

  /** Reads {@link #title}. */
  public static Optional<FaultKind> parse(String title) {
    for (FaultKind kind : values()) {
      if (kind.title().equals(title)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** One of this kind, for a cluster as it is now. */
  Fault choose(Scene scene) {
    return switch (this) {
      case ISOLATE -> LinkFaults.cut(scene, Shape.isolate(scene));
      case HALVES -> LinkFaults.cut(scene, Shape.halves(scene));
      case BRIDGE -> LinkFaults.cut(scene, Shape.bridge(scene));
      case RING -> LinkFaults.cut(scene, Shape.ring(scene));
      case CHAIN -> LinkFaults.cut(scene, Shape.chain(scene));
      case QUORUM_LOSS -> LinkFaults.cut(scene, Shape.quorumLoss(scene));
      case CONSTRAINED_ELECTION -> LinkFaults.constrainedElection(scene);
      case FLAPPING -> LinkFaults.flapping(scene);
      case ONE_WAY -> LinkFaults.oneWay(scene);
      case DELAY -> LinkFaults.delay(scene);
      case LOSS -> LinkFaults.loss(scene);
      case KILL -> ProcessFaults.kill(scene);
      case KILL_ALL -> ProcessFaults.killAll(scene);
      case PAUSE -> ProcessFaults.pause(scene);
      case STOP -> ProcessFaults.stop(scene);
      case ROLLING_RESTART -> ProcessFaults.roll(scene);
      case MEMBERSHIP -> ProcessFaults.grow(scene);
      case SLOW_DISK -> ServerFaults.slowDisk(scene);
      case FULL_DISK -> ServerFaults.fullDisk(scene);
      case CLOCK -> ServerFaults.clock(scene);
    };
  }
}
