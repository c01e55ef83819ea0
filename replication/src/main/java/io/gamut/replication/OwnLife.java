package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.AwaitingDisk.LifeKept;
import io.gamut.replication.message.JournalRecord.LifeHeard;
import io.gamut.replication.message.PeerMessage.OriginAnswer;
import io.gamut.replication.message.PeerMessage.OriginQuery;
import java.util.Collection;

/**
 * The life that this server is in, by its boot, which all of its messages carry.
 *
 * <p>A boot is later than those of all earlier lives that this disk knows of, and kept there beside
 * the lives of others. It is a time if it can be, but not one of the clock: a server that is
 * started while its wall clock is years ahead must not stamp so when that is right again.
 */
final class OwnLife {
  private final NodeId self;
  private final Stamping stamping;
  private final Peers peers;
  private final DiskQueue disk;
  private long boot;
  private long keptBoot;

  OwnLife(NodeId self, Stamping stamping, Peers peers, DiskQueue disk) {
    this.self = self;
    this.stamping = stamping;
    this.peers = peers;
    this.disk = disk;
  }

  long boot() {
    return boot;
  }

  /** Begins a life above {@code known}, which others have heard, and all that this disk knows. */
  void begin(long known, Now now, Effects effects) {
    boot = stamping.boot(Math.max(known, peers.boot(self)), now);
    peers.onBoot(self, boot);
    Origin own = stamping.own().origin();
    disk.persist(new LifeHeard(self, boot), new LifeKept(self, boot, own), effects);
  }

  /**
   * Others have heard a later life of this server than its own clock and disk know of: goes on
   * under a boot above that, and has its origin confirmed again.
   *
   * @return whether it does
   */
  boolean onOutdated(long known, Collection<NodeId> others, Now now, Effects effects) {
    boolean isOutdated = known > boot;
    if (isOutdated) {
      begin(known, now, effects);
      stamping.own().doubt(others);
    }
    return isOutdated;
  }

  /** A life will not be forgotten; another server's may be told what is known of its origin. */
  void onDurable(LifeKept life, VersionVector known, Effects effects) {
    NodeId node = life.node();
    if (node.equals(self)) {
      keptBoot = life.boot();
    } else if (life.boot() == peers.boot(node)) {
      effects.send(node, new OriginAnswer(life.asked(), known.get(life.asked()), life.boot()));
    }
  }

  // What others know of the own origin

  /** Asks one who has not said yet. */
  void ask(NodeId node, Effects effects) {
    if (stamping.own().mustAsk(node)) {
      effects.send(node, new OriginQuery(stamping.own().origin()));
    }
  }

  /** It is answered once its life will not be forgotten. */
  void onQuery(NodeId from, long itsBoot, Origin asked, Effects effects) {
    disk.persist(new LifeHeard(from, itsBoot), new LifeKept(from, itsBoot, asked), effects);
  }

  void onAnswer(NodeId from, OriginAnswer answer, Collection<NodeId> others, Effects effects) {
    stamping.onKnownElsewhere(answer.origin(), answer.sequence(), effects);
    if (answer.asked() == boot) {
      stamping.onConfirmed(from, answer.origin(), others);
    }
  }

  /** The last boot of this server that is durable; 0 for none. */
  long keptBoot() {
    return keptBoot;
  }
}
