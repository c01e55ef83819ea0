package io.gamut.ledger;

import io.gamut.ledger.log.Participant;

/** One change of who takes part: one participant at a time (Raft thesis, section 4.1). */
public sealed interface MemberChange {
  /** Is told everything from now on, and does not vote. */
  record AddLearner(Participant participant) implements MemberChange {}

  /** A learner that has caught up becomes a voter. */
  record Promote(Participant participant) implements MemberChange {}

  record Remove(Participant participant) implements MemberChange {}
}
