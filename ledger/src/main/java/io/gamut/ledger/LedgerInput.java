package io.gamut.ledger;

import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;

/** What may happen to a ledger. */
public sealed interface LedgerInput {
  /**
   * Somebody wants this to be in the ledger. Answered by {@link LedgerEffects#proposed}.
   *
   * @param request a number that the caller has not used in this life
   */
  record Propose(long request, Entry.Command command) implements LedgerInput {}

  /**
   * Somebody wants to read what is the latest now. Answered by {@link LedgerEffects#readable}, or,
   * when messages are lost, never: the caller has a deadline.
   */
  record Read(long request) implements LedgerInput {}

  /** Who takes part shall change. Answered by {@link LedgerEffects#proposed}. */
  record Change(long request, MemberChange change) implements LedgerInput {}

  /** The lead shall go to another voter, if this is the leader; at most an election without it. */
  record HandOver(Participant successor) implements LedgerInput {}

  record Received(Participant from, LedgerMessage message) implements LedgerInput {}

  /** The first {@code count} records that were ever given to the journal are durable. */
  record Persisted(long count) implements LedgerInput {}

  /** The state machine has a durable snapshot up to here: what lies before may be forgotten. */
  record Snapshotted(long index) implements LedgerInput {}

  /** A snapshot from elsewhere is in the state machine, durably. */
  record Installed(AppliedPoint snapshot) implements LedgerInput {}

  /**
   * Somebody lacks committed entries behind this index; sent if they are here, and if they are only
   * in a snapshot, {@link LedgerEffects#needsSnapshot} says so.
   */
  record Supply(Participant to, long behind) implements LedgerInput {}

  /** Only time has passed. */
  enum Tick implements LedgerInput {
    TICK
  }
}
