package io.gamut.replication.strong;

import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;

/** What a step of a strong replica asks the outside to do, in this order. */
public interface StrongEffects extends Proposing.Replies {
  /**
   * Append a record of the ledger to the journal. Once it is durable, {@link StrongInput.Persisted}
   * says so. Records become durable in the order in which they were given.
   */
  void persist(LedgerRecord record);

  /** Send a message of the ledger; all that it speaks of is durable. May be lost. */
  void send(Participant to, LedgerMessage message);

  /** Send a message. May be lost. */
  void tell(NodeId to, StrongMessage message);

  /** Send to every replica that can be reached. May be lost. */
  void tellAll(StrongMessage message);

  /** Answer a request; the committed store must be committed before the answer leaves. */
  @Override
  void reply(long request, Reply reply);

  /** A participant lacks what is only in a snapshot; said again and again until it has one. */
  void needsSnapshot(Participant participant);

  /**
   * The disk is older than what this server has told others: it must come back as a new participant
   * of the ledger.
   */
  void outdated();
}
