package io.gamut.replication.strong;

import io.gamut.core.NodeId;

/** What a leader has put into its own ledger, for whom. */
sealed interface Proposal {
  record OfOther(NodeId from, long boot, long number) implements Proposal {}

  record OfSelf(long boot, long number) implements Proposal {}

  record OfUpdates() implements Proposal {}

  record OfState() implements Proposal {}

  record OfMembers() implements Proposal {}
}
