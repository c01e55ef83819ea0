package io.gamut.ledger.raft;

import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryLog;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecord.Entries;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rebuilds what a participant knew from its journal, record by record, after a crash. */
public final class Recovery {
  private final EntryLog log;
  private final Configurations configurations;
  private @Nullable Restarted unrecorded;
  private TermAndVote termAndVote = new TermAndVote(0, null);

  /**
   * @param log empty behind {@code base}
   * @param base where the journal begins: a snapshot's end, or the ledger's
   */
  public Recovery(EntryLog log, AppliedPoint base) {
    this.log = log;
    configurations = new Configurations(base.index(), base.configuration());
  }

  /** Takes in the next record. One that lies before the base altogether changes nothing. */
  public void recover(LedgerRecord record) {
    switch (record) {
      case TermAndVote latest -> termAndVote = latest;
      case Entries(List<Entry> entries) -> recoverEntries(entries);
      case Restarted(AppliedPoint point) -> restartAt(point, log, configurations);
    }
  }

  private void recoverEntries(List<Entry> all) {
    List<Entry> entries = all.stream().filter(each -> each.index() > log.baseIndex()).toList();
    if (!entries.isEmpty()) {
      log.truncateFrom(entries.getFirst().index());
      configurations.onTruncated(entries.getFirst().index());
      log.append(entries);
      configurations.onAppended(entries);
    }
  }

  /**
   * Lets the log begin behind a snapshot. Entries that follow what is in the snapshot stay: they
   * were acknowledged, and a majority may count on them.
   */
  static void restartAt(AppliedPoint point, EntryLog log, Configurations configurations) {
    if (point.index() <= log.baseIndex()) {
      return;
    }
    boolean isInLog =
        point.index() <= log.lastIndex() && log.term(point.index()) == point.term();
    if (isInLog) {
      log.compactThrough(point.index());
      configurations.onCompacted(point.index());
    } else {
      log.restartAt(point.index(), point.term());
      configurations.restartAt(point.index(), point.configuration());
    }
  }

  /**
   * What the state machine has is durable by itself, and may be more than the journal kept.
   *
   * @param applied what the state machine says that it has applied
   */
  public void finish(AppliedPoint applied) {
    if (applied.index() > log.lastIndex()) {
      restartAt(applied, log, configurations);
      unrecorded = new Restarted(applied);
    }
  }

  /** What the journal has to be told before entries can follow in it. */
  @Nullable Restarted unrecorded() {
    return unrecorded;
  }

  EntryLog log() {
    return log;
  }

  Configurations configurations() {
    return configurations;
  }

  TermAndVote termAndVote() {
    return termAndVote;
  }

  /** The configuration that the log ends with. */
  public Configuration configuration() {
    return configurations.latest();
  }
}
