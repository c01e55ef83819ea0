package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage.Appended;

/** What a follower has told its leader in this term, and what it has to tell. */
final class Acknowledgements {
  private final OwnLog own;
  private final Journaling journal;
  private long round;
  private long match = Long.MAX_VALUE;

  Acknowledgements(OwnLog own, Journaling journal) {
    this.own = own;
    this.journal = journal;
  }

  /** Another leader, or nobody. */
  void onFollowing(boolean isSomebody) {
    round = 0;
    match = isSomebody ? -1 : Long.MAX_VALUE;
  }

  /** Whether the leader has begun another round of reads, which each answer confirms. */
  boolean onRound(long ofRound) {
    boolean isNew = ofRound > round;
    round = Math.max(round, ofRound);
    return isNew;
  }

  /** Whether more has become durable than the leader knows; never while nobody is followed. */
  boolean isDue() {
    return own.acknowledgeable() > match;
  }

  void send(Participant leader, long term, LedgerEffects effects) {
    match = own.acknowledgeable();
    journal.send(leader, new Appended(term, match, round), effects);
  }
}
