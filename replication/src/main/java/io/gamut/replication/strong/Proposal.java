package io.gamut.replication.strong;

import io.gamut.core.NodeId;
import io.gamut.replication.strong.StrongMessage.Declined;
import io.gamut.replication.strong.StrongMessage.Reason;

/** What a leader has put into its own ledger, for whom. */
sealed interface Proposal {
  record OfOther(NodeId from, long boot, long number) implements Proposal {
    /** Says that it was not taken. */
    void decline(Reason reason, StrongEffects effects) {
      effects.tell(from, new Declined(boot, number, reason));
    }
  }

  record OfSelf(long boot, long number) implements Proposal {}

  record OfUpdates() implements Proposal {}

  record OfState() implements Proposal {}

  record OfMembers() implements Proposal {}
}
