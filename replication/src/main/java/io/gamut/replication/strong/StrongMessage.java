package io.gamut.replication.strong;

import io.gamut.core.Ends;
import io.gamut.core.OperationResult;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Proposer;
import java.util.List;

/** What strong replicas say to each other beside the ledger's own messages. */
public sealed interface StrongMessage {
  /**
   * To the leader: have this in the ledger.
   *
   * @param boot the life of the proposer that counts the batch as {@code number}
   * @param stamp timestamp of its first operation
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Offer(long boot, long number, long stamp, byte[] command) implements StrongMessage {}

  /**
   * From a gateway, to the leader: have this in the ledger, and say what has come of it.
   *
   * @param stamp timestamp of its first operation
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bid(Proposer proposer, long number, long stamp, byte[] command) implements StrongMessage {
    /** What is to be done with it unless that was done. */
    Offer offer() {
      return new Offer(proposer.boot(), number, stamp, command);
    }
  }

  /**
   * To a gateway: a batch of it was applied.
   *
   * @param index how far the ledger was applied then, or later
   */
  record Executed(long boot, long number, long index, List<OperationResult> results)
      implements StrongMessage {}

  /** To the proposer: this offer of that life of it was not taken. */
  record Declined(long boot, long number, Reason reason) implements StrongMessage {}

  /**
   * To all: this server would like to take part in the ledger.
   *
   * @param boot of its life: what an earlier life wanted does not count. 0 from a release that said
   *     nothing of it
   */
  record Application(Participant applicant, long boot) implements StrongMessage {}

  /** To all: this server would like not to take part any more. */
  record Resignation(Participant leaver) implements StrongMessage {}

  /**
   * To who has resigned: it is committed that it does not take part.
   *
   * @param index up to which the ledger was applied then. 0 from a release that did not say
   */
  record Released(Participant leaver, long index) implements StrongMessage {}

  /**
   * To all, from a server without a leader: so much of the ledger is known to it as committed.
   * Whoever knows more hands it on.
   */
  record Position(long incarnation, long commit) implements StrongMessage {}

  /** What concerns members that are gone, and how far updates and tombstones may be forgotten. */
  sealed interface OfUpkeep extends StrongMessage {}

  /** To whoever leads: an operator wants this member removed, though it may be away. */
  record Removal(Participant member) implements OfUpkeep {}

  /**
   * To who was removed so: it is no member any more, and will not be one with this disk.
   *
   * @param index up to which the ledger was applied then. 0 from a release that did not say
   */
  record Expelled(Participant gone, long index) implements OfUpkeep {}

  /**
   * From the leader to a member: what of the updates of a lost disk is held there? Who answers
   * takes no more of them until they are closed for the {@code round}-th time.
   */
  record Inquiry(Participant gone, long round) implements OfUpkeep {}

  /** To the leader: all that {@code holder} has of them, and will have. */
  record Holdings(Participant gone, long round, Participant holder, Ends held)
      implements OfUpkeep {}

  /** To the leader: this member has promised not to stamp up to a bound. */
  record Promised(Participant member, long bound, VersionVector received) implements OfUpkeep {}

  /** To the leader: strong requests here wait until weak updates are absorbed. */
  record Urge() implements StrongMessage {}

  /** Why an offer was not taken. */
  enum Reason {
    /** The receiver does not lead. */
    NOT_LEADER(1),
    /** Too much is under way, or the lead is being handed over. */
    BUSY(2),
    /** The stamp is too far ahead of the leader's clock. */
    CLOCK(3);

    final int code;

    Reason(int code) {
      this.code = code;
    }
  }
}
