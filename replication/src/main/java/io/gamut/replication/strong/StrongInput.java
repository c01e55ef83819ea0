package io.gamut.replication.strong;

import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.Requirement;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.message.LedgerMessage;
import java.util.List;
import java.util.Set;

/** What can happen to a strong replica. Requests carry a number that the answer repeats. */
public sealed interface StrongInput {
  /**
   * A strong operation.
   *
   * @param requirement what must have been absorbed and applied before it
   * @param sessionLatest the greatest timestamp its session has met: its stamp will be greater
   * @param deadlineNanos when its outcome is called unknown, or it is given up
   */
  record Execute(
      long request,
      Operation operation,
      Requirement requirement,
      long sessionLatest,
      long deadlineNanos)
      implements StrongInput {}

  /**
   * A read of committed state: of all of its keys at one moment.
   *
   * @param freshness how old the state may be
   */
  record Read(long request, List<Wanted> wanted, Freshness freshness, long deadlineNanos)
      implements StrongInput {
    public Read {
      wanted = List.copyOf(wanted);
    }

    public Read(
        long request, Key key, Requirement requirement, Freshness freshness, long deadlineNanos) {
      this(request, List.of(new Wanted(key, requirement)), freshness, deadlineNanos);
    }
  }

  /**
   * A key that is to be read.
   *
   * @param requirement what must have been absorbed and applied before it is
   */
  record Wanted(Key key, Requirement requirement) {}

  /** A message of the ledger has come. */
  record FromLedger(NodeId from, LedgerMessage.Envelope envelope) implements StrongInput {}

  /** Another replica has said something beside the ledger. */
  record FromReplica(NodeId from, StrongMessage message) implements StrongInput {}

  /** The first {@code count} ledger records given to the journal since the start are durable. */
  record Persisted(long count) implements StrongInput {}

  /** What the committed store held up to this index is durable there. */
  record Saved(long index) implements StrongInput {}

  /** A snapshot from elsewhere has replaced the committed state, durably. */
  record Installed(AppliedPoint point) implements StrongInput {}

  /** This server's life is on its disk: every later one will have a greater boot. */
  enum LifeKept implements StrongInput {
    LIFE_KEPT
  }

  /** The network has a path to these servers, and to no others. */
  record Reachable(Set<NodeId> nodes) implements StrongInput {}

  /** Hand the lead over to another voter, if this is the leader. */
  enum HandOver implements StrongInput {
    HAND_OVER
  }

  /**
   * An operator wants a server removed, though it may be away: its disk is given up. Answered once
   * it is no member any more.
   */
  record Remove(long request, NodeId node, long deadlineNanos) implements StrongInput {}

  /** Nothing but that time has passed. */
  enum Tick implements StrongInput {
    TICK
  }
}
