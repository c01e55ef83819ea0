package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage.Removed;

/**
 * Who was removed, and does not know: nobody leads it any more, and it would go on asking for votes
 * (Raft thesis, section 4.2.3).
 */
final class Removal {
  private final Participant self;
  private final OwnLog own;
  private final Journaling journal;
  private long toldAt;

  Removal(Participant self, OwnLog own, Journaling journal) {
    this.self = self;
    this.own = own;
    this.journal = journal;
  }

  /** Was told that an entry says that it does not take part any more. */
  void onTold(Removed removed) {
    toldAt = Math.max(toldAt, removed.index());
  }

  /**
   * Whether it may ask for votes: also while its removal is not known to be committed, since it may
   * be the only one whose log is up to date (thesis, section 4.2.2); its own vote does not count
   * then. Not once it was told of a later configuration without it.
   */
  boolean mayStand() {
    return own.mayBeVoter(self) && toldAt <= own.configuredAt();
  }

  /** Who was removed does not hear of it from the leader any more. */
  void tellIfRemoved(Participant from, long term, LedgerEffects effects) {
    Configuration now = own.configuration();
    if (!now.isVoter(from) && now.contains(self) && own.isConfigurationCommitted()) {
      journal.send(from, new Removed(term, own.configuredAt()), effects);
    }
  }
}
