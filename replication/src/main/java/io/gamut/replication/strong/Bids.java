package io.gamut.replication.strong;

import io.gamut.core.NodeId;
import io.gamut.core.OperationResult;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.strong.StrongMessage.Bid;
import io.gamut.replication.strong.StrongMessage.Executed;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What others have this replica put into the ledger: remembers what is under way, and tells
 * gateways what has come of theirs.
 *
 * <p>A gateway has no state machine that would tell it. Whoever leads puts its batches in, and says
 * so once they are applied there; if that is lost, or the leader is, the gateway repeats its bid,
 * and is told from the reply that every state machine keeps until the gateway has it.
 */
final class Bids {
  /** Of those beyond the oldest are forgotten: they find out by repeating their bids. */
  private static final int GATEWAYS_MAX = 1_024;

  private final StateMachine machine;
  private final LinkedHashMap<Proposer, NodeId> gateways = new LinkedHashMap<>();
  private final Set<Proposal.OfOther> underWay = new HashSet<>();

  Bids(StateMachine machine) {
    this.machine = machine;
  }

  // What is under way

  /**
   * Whether an offer is to be proposed: one that is under way need not go into the ledger twice.
   */
  boolean begins(Proposal.OfOther offer) {
    return underWay.add(offer);
  }

  void onEnded(Proposal.OfOther offer) {
    underWay.remove(offer);
  }

  /** There is another leader, or none: what was under way here may have come to nothing. */
  void onLed() {
    underWay.clear();
  }

  // Gateways

  /** Whether a bid is to be put into the ledger; one that was applied is answered. */
  boolean isNew(NodeId from, Bid bid, StrongEffects effects) {
    gateways.putLast(bid.proposer(), from);
    if (gateways.size() > GATEWAYS_MAX) {
      Map.Entry<Proposer, NodeId> _ = gateways.pollFirstEntry();
    }
    if (bid.number() > machine.lastOf(bid.proposer())) {
      return true;
    }
    List<OperationResult> kept = machine.reply(bid.proposer(), bid.number());
    if (kept != null) {
      tell(from, bid.proposer(), bid.number(), kept, effects);
    }
    return false;
  }

  /** A batch was applied. */
  void onExecuted(
      Proposer proposer, long number, List<OperationResult> results, StrongEffects effects) {
    NodeId gateway = gateways.get(proposer);
    if (gateway != null) {
      tell(gateway, proposer, number, results, effects);
    }
  }

  private void tell(
      NodeId gateway,
      Proposer proposer,
      long number,
      List<OperationResult> results,
      StrongEffects effects) {
    long index = machine.applied().index();
    effects.tell(gateway, new Executed(proposer.boot(), number, index, results));
  }
}
