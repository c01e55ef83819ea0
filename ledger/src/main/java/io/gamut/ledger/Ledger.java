package io.gamut.ledger;

import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import org.jspecify.annotations.Nullable;

/**
 * One participant of a ledger, as a pure state machine: the port behind which an engine stands.
 *
 * <p>An engine promises: committed entries are the same everywhere, in the same order, and stay; a
 * proposal that was answered as committed is among them; a read that was called readable at an
 * index covers everything that was committed anywhere before the read was asked for. It promises
 * this whatever the network does, while each participant's disk keeps what was reported as
 * persisted. It makes progress while a majority of the voters can talk to each other.
 *
 * <p>Thread rules: one thread.
 */
public interface Ledger {
  /** Begins to take part. */
  void start(long nowNanos, LedgerEffects effects);

  /** Takes one input and says what is to be done because of it. */
  void step(LedgerInput input, long nowNanos, LedgerEffects effects);

  /**
   * Sends what has gathered over several steps. Must be called at the end of each turn; the more
   * steps a turn has, the larger the batches.
   */
  void flush(long nowNanos, LedgerEffects effects);

  /** When {@link LedgerInput.Tick} must come at the latest, unless another input does. */
  long wakeAtNanos(long nowNanos);

  /** Who leads as far as is known; this participant itself, maybe. */
  @Nullable Participant leader();

  boolean isLeader();

  long term();

  /** What is known to be committed; it may not be durable here yet. */
  long commitIndex();

  long lastIndex();

  /** Who takes part, by the last such entry in the log. */
  Configuration configuration();

  /** The log is durable here up to this index. */
  long durableIndex();

  /** What has to be kept elsewhere before the journal in front of the log may be forgotten. */
  Kept kept();

  /**
   * What the journal does not say any more once its older part is gone.
   *
   * @param base the log's: what lies before is in a snapshot
   */
  record Kept(AppliedPoint base, TermAndVote termAndVote) {}
}
