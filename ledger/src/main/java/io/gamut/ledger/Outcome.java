package io.gamut.ledger;

import io.gamut.ledger.log.Participant;
import org.jspecify.annotations.Nullable;

/** What has become of a proposal. */
public sealed interface Outcome {
  /** It stands in the ledger at this index, for ever. */
  record Committed(long index) implements Outcome {}

  /**
   * It does not, and never will.
   *
   * @param leader whom to ask instead, if known
   */
  record Refused(Reason reason, @Nullable Participant leader) implements Outcome {}

  /** It may or may not: the lead was lost while it was under way. */
  record Unknown() implements Outcome {}

  /** Why a proposal was refused. */
  enum Reason {
    /** This participant does not lead. */
    NOT_LEADER("this server does not lead the ledger"),
    /** More is under way than may be. */
    BUSY("too much is waiting for the ledger"),
    /** The lead is being handed over. */
    HANDING_OVER("the lead of the ledger is being handed over"),
    /** Another change of members is not committed yet, or the leader has nothing of its term. */
    CHANGE_UNDER_WAY("another change of members is under way"),
    /** The learner to be promoted is too far behind. */
    BEHIND("the learner has not caught up yet"),
    /** Of the voters after the change no majority was heard lately. */
    WITHOUT_MAJORITY("after this change no majority of the voters would be within reach"),
    /** The participant is, or is not, a member already; or there are enough voters. */
    NO_CHANGE("the members do not allow this change");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }
}
