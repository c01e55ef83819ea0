package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage.VoteRequest;
import java.util.TreeSet;

/**
 * An election that this participant stands in: the votes that it was granted so far.
 *
 * <p>A pre-vote comes first (thesis, section 9.6): nobody's term moves until a majority has said
 * that it would vote. So a participant that was cut off does not depose a leader that all others
 * hear. The campaign is forgotten as soon as a leader is heard; one that were kept would never be
 * begun again.
 */
final class Campaign {
  private final TreeSet<Participant> granted = new TreeSet<>();
  private final boolean isPreVote;
  private final long term;

  /**
   * @param term that the votes are for
   */
  Campaign(boolean isPreVote, long term) {
    this.isPreVote = isPreVote;
    this.term = term;
  }

  boolean isPreVote() {
    return isPreVote;
  }

  long term() {
    return term;
  }

  void onGranted(Participant voter) {
    granted.add(voter);
  }

  boolean isWon(Configuration configuration) {
    return configuration.isMajority(granted);
  }

  /** Asks all voters but the candidate for their votes. */
  void ask(
      Participant self, OwnLog own, boolean isHandover, Journaling journal, LedgerEffects effects) {
    long lastIndex = own.lastIndex();
    VoteRequest request =
        new VoteRequest(term, lastIndex, own.term(lastIndex), isPreVote, isHandover);
    for (Participant voter : own.configuration().voters()) {
      if (!voter.equals(self)) {
        journal.send(voter, request, effects);
      }
    }
  }
}
