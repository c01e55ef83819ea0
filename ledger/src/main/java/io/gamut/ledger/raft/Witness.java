package io.gamut.ledger.raft;

import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerMessage.Appended;
import io.gamut.ledger.message.LedgerMessage.Inquiry;
import io.gamut.ledger.message.LedgerMessage.Testimony;
import io.gamut.ledger.message.LedgerMessage.VoteReply;
import java.util.LinkedHashMap;

/**
 * What others have said of themselves that they must remember: it was on their disks before they
 * said it. Kept in memory only, so since this participant's own start.
 */
final class Witness {
  /** More than take part; of those that were heard first the least is lost. */
  private static final int PARTICIPANTS_MAX = 2_048;

  private final LinkedHashMap<Participant, Heard> heard = new LinkedHashMap<>();

  /**
   * What was heard of one.
   *
   * @param term the highest that it was in
   * @param match how much of this participant's log it has acknowledged in that term
   * @param isVoter whether it has voted for this participant in that term
   */
  private record Heard(long term, long match, boolean isVoter) {
    static final Heard NOTHING = new Heard(0, 0, false);
  }

  void onMessage(Participant from, LedgerMessage message) {
    boolean isVote = message instanceof VoteReply reply && reply.isGranted() && !reply.isPreVote();
    if (message.leavesTermAlone() && !isVote) {
      return;
    }
    Heard before = heard.getOrDefault(from, Heard.NOTHING);
    if (message.term() > before.term) {
      before = new Heard(message.term(), 0, false);
    }
    if (message.term() == before.term) {
      long match = message instanceof Appended(_, long matched, _) ? matched : 0;
      remember(
          from, new Heard(before.term, Math.max(before.match, match), before.isVoter || isVote));
    }
  }

  private void remember(Participant from, Heard now) {
    heard.put(from, now);
    if (heard.size() > PARTICIPANTS_MAX) {
      heard.pollFirstEntry();
    }
  }

  Testimony answer(Participant from, Inquiry inquiry, long term) {
    Heard known = heard.getOrDefault(from, Heard.NOTHING);
    return new Testimony(term, inquiry.life(), known.term, known.match, known.isVoter);
  }
}
