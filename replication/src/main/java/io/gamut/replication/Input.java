package io.gamut.replication;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.LostDisks;
import io.gamut.replication.message.PeerMessage.Envelope;
import org.jspecify.annotations.Nullable;

/** What can happen to a replica. Requests carry a number, unique here, that the answer repeats. */
public sealed interface Input {
  /**
   * A weak write.
   *
   * @param dependencies what must be visible first and will be carried along; empty below {@link
   *     Consistency#CAUSAL}
   * @param index how far the ledger must be applied first; 0 below {@link Consistency#CAUSAL}
   * @param sessionLatest the greatest timestamp its session has met: its stamp will be greater
   * @param stamp of an earlier try of the same write, or null: it is never stamped anew
   * @param deadlineNanos until when to wait for the dependencies
   */
  record Write(
      long request,
      Key key,
      Content content,
      VersionVector dependencies,
      long index,
      long sessionLatest,
      @Nullable Version stamp,
      long deadlineNanos)
      implements Input {}

  /** A weak read that may have to wait until the view satisfies its requirement. */
  record Read(long request, Key key, Requirement requirement, long deadlineNanos)
      implements Input {}

  /** Leave the cluster in order: answered once another member holds all that is held here. */
  record Leave(long request) implements Input {}

  /** A message has come from another replica. */
  record Received(NodeId from, Envelope envelope) implements Input {}

  /** The first {@code count} records given to the journal since the start are durable. */
  record Persisted(long count) implements Input {}

  /** A direct link to this server has come up. */
  record NeighbourUp(NodeId node) implements Input {}

  /** The direct link to this server is down; what was on its way is lost. */
  record NeighbourDown(NodeId node) implements Input {}

  /**
   * Of the ledger this much has been applied, and is shown.
   *
   * @param absorbed per origin the last update that the ledger has absorbed
   * @param latest the greatest timestamp of a version in it
   * @param lost the disks that are gone for good
   * @param isAdmitted whether this replica is a member of the ledger: before that it takes no
   *     updates, since nobody would wait for its promises, or ask it what it holds
   */
  record Applied(
      long index, VersionVector absorbed, long latest, LostDisks lost, boolean isAdmitted)
      implements Input {}

  /**
   * Take nothing more that was written on a lost disk, until its origins have been closed so often.
   */
  record SetFence(long incarnation, long round) implements Input {}

  /** Promise not to stamp any more at or below what has been stamped so far. */
  record MakePromise() implements Input {}

  /** An operator has had a server removed, and it has not come back with another disk than this. */
  record Forget(Participant gone) implements Input {}

  /**
   * Remember that no configuration of the ledger before this index says whether this disk is a
   * member (see {@link Dismissal}).
   */
  record Dismiss(long index) implements Input {}

  /** Take own writes no more, or again. */
  record Pause(boolean isPaused) implements Input {}

  /** Nothing but that time has passed; comes at {@link Replica#wakeAtNanos} at the latest. */
  record Tick() implements Input {}
}
