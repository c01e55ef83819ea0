package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage.ReadReply;
import io.gamut.ledger.message.LedgerMessage.ReadRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads that are asked for where nobody leads: the leader confirms them. An answer is for the life
 * of this participant that asked; requests are numbered anew in each, and an answer to an earlier
 * one knows nothing of what was committed since.
 */
final class ReadForwarding {
  private final Journaling journal;
  private final long life;

  /**
   * @param life drawn at random at each start
   */
  ReadForwarding(Journaling journal, long life) {
    this.journal = journal;
    this.life = life;
  }

  /** A read that is asked for here, of the leader itself. */
  ReadRounds.Waiting own(long request) {
    return new ReadRounds.Waiting(null, life, request);
  }

  void ask(@Nullable Participant leader, long term, long request, LedgerEffects effects) {
    if (leader == null) {
      effects.unreadable(request);
    } else {
      journal.send(leader, new ReadRequest(term, life, request), effects);
    }
  }

  /** Somebody takes this participant for the leader. */
  void refuse(Participant from, long term, ReadRequest asked, LedgerEffects effects) {
    journal.send(from, new ReadReply(term, asked.life(), asked.request(), -1), effects);
  }

  void onReply(ReadReply reply, LedgerEffects effects) {
    if (reply.life() == life) {
      if (reply.index() < 0) {
        effects.unreadable(reply.request());
      } else {
        effects.readable(reply.request(), reply.index());
      }
    }
  }
}
