package io.gamut.simulator.cluster;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The disks that a simulated server has one after the other, and who it is to the ledger. */
final class ServerDisks {
  private final NodeId id;
  private final SplittableRandom random;
  private final ClusterScenario.Machine options;
  private ClusterDisk disk;
  private @Nullable ClusterDisk copy;
  private boolean isReplaced;
  private boolean isSetBack;

  ServerDisks(
      NodeId id, Configuration begun, SplittableRandom random, ClusterScenario.Machine options) {
    this.id = id;
    this.random = random;
    this.options = options;
    disk = new ClusterDisk(participant(id, 1), begun, random.split(), options);
  }

  /** What a server is to the ledger with its first, second, ... disk. */
  static Participant participant(NodeId id, int disk) {
    return new Participant(id, id.value() * 1_000L + disk);
  }

  private Participant next() {
    return participant(id, (int) (disk.self.incarnation() % 1_000) + 1);
  }

  ClusterDisk now() {
    return disk;
  }

  /** An empty one comes in its place. */
  void replace() {
    disk = new ClusterDisk(next(), Configuration.NOBODY, random.split(), options);
    isReplaced = true;
  }

  boolean isReplaced() {
    return isReplaced;
  }

  void copy() {
    copy = disk.copy();
  }

  boolean hasCopy() {
    return copy != null;
  }

  /** It is what it was when it was copied. */
  void setBack() {
    disk = Objects.requireNonNull(copy);
    copy = null;
    isSetBack = true;
  }

  boolean isSetBack() {
    return isSetBack;
  }

  /** It is another participant's from now on. */
  void giveUpVote() {
    disk = disk.reborn(next());
    isSetBack = false;
  }
}
