package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage.Append;
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

  /**
   * Whether the leader is to be answered at once; entries are acknowledged when they are durable.
   * Another round of reads is, since each answer confirms it; so is an append without entries,
   * unless all that it brought is that more is committed: the leader sends that once, to those
   * whose logs it knows, and waits for nothing. One that brings nothing new always has an answer,
   * so a leader that missed one is answered by the next.
   *
   * @param isNews whether the append has moved the commit index here
   */
  boolean isOwed(Append append, boolean isNews) {
    boolean isNewRound = append.round() > round;
    round = Math.max(round, append.round());
    boolean isToldOfIt = append.previous() <= match;
    return isNewRound || (append.entries().isEmpty() && !(isNews && isToldOfIt));
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
