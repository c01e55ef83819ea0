package io.gamut.replication.strong;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;

/** What the strong world uses of the weak one beside it. */
public interface WeakWorld extends Absorbing.Weak, Upkeep.Weak {
  /** The first of {@code count} consecutive timestamps of the clock, all greater than another. */
  long stamps(int count, long than, Now now);

  /**
   * Whether what the clock stamps may go into the ledger.
   *
   * @param isAlone whether the ledger goes on here without any other server
   */
  boolean isClockTrusted(boolean isAlone, Now now);

  /** Whether a server has left the cluster with this disk. */
  boolean hasLeft(Participant member);

  long boot();

  /** The highest boot heard of another server, 0 when none was. */
  long boot(NodeId node);
}
