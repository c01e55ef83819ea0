package io.gamut.ledger.message;

import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a participant asks its journal to keep, so that it can be rebuilt after a crash. */
public sealed interface LedgerRecord {
  /** The term it is in, and whom it has voted for there. */
  record TermAndVote(long term, @Nullable Participant vote) implements LedgerRecord {}

  /**
   * Entries that stand in the log from the first one's index on, and end it; what stood there is
   * gone.
   */
  record Entries(List<Entry> entries) implements LedgerRecord {}

  /**
   * The log is empty behind a snapshot from elsewhere, which the state machine has durably. Not
   * written when the snapshot ends within the log, which then stays.
   */
  record Restarted(AppliedPoint snapshot) implements LedgerRecord {}
}
