package io.gamut.ledger;

import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a ledger asks to be done. Calls come in the order in which they must take effect. */
public interface LedgerEffects {
  /**
   * Give a record to the journal. {@link LedgerInput.Persisted} says when it is durable; nothing
   * that depends on it is sent before.
   */
  void persist(LedgerRecord record);

  /** Send a message, if it can be; all that it depends on is durable. */
  void send(Participant to, LedgerMessage message);

  /** Apply these entries, the next in order: they are committed, and durable here. */
  void committed(List<Entry> entries);

  /** Answer a proposal; one that was committed has been given to {@link #committed} before. */
  void proposed(long request, Outcome outcome);

  /** A read may be answered once everything up to {@code index} has been applied. */
  void readable(long request, long index);

  /** A read cannot be answered: there is no leader that could confirm it. */
  void unreadable(long request);

  /** Who takes part has changed; it may change back until it is committed. */
  void configured(Configuration configuration);

  /** Another participant leads, or nobody that is known. */
  void led(@Nullable Participant leader, long term);

  /**
   * A participant needs entries that are only in a snapshot. Said again and again until it has one:
   * whoever sends one under way already need not begin another.
   */
  void needsSnapshot(Participant participant);

  /**
   * This participant's disk is older than what it has told others, and it takes no part any more:
   * its server should come back under another incarnation, as a new participant. Told once.
   */
  void outdated();
}
