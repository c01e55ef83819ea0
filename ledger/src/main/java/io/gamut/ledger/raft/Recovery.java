package io.gamut.ledger.raft;

import io.gamut.ledger.Ledger;
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
  private TermAndVote termAndVote;
  private long committed;

  /**
   * @param log empty behind the base
   * @param kept what was true where the journal begins; its base is a snapshot's end, or the
   *     ledger's
   */
  public Recovery(EntryLog log, Ledger.Kept kept) {
    this.log = log;
    AppliedPoint base = kept.base();
    configurations = new Configurations(base.index(), base.configuration());
    termAndVote = kept.termAndVote();
  }

  /** A participant that has never been anything. */
  public Recovery(EntryLog log, AppliedPoint base) {
    this(log, new Ledger.Kept(base, new TermAndVote(0, null)));
  }

  /**
   * Takes in the next record. What lies before the base is in the snapshot there; but each record
   * says how the log ended when it was written, and what it has cut off stays cut off.
   */
  public void recover(LedgerRecord record) {
    switch (record) {
      case TermAndVote latest -> termAndVote = latest;
      case Entries(List<Entry> entries) -> recoverEntries(entries);
      case Restarted(AppliedPoint point) -> {
        cutOff(log.baseIndex() + 1);
        if (point.index() > log.baseIndex()) {
          restartAt(point);
        }
      }
    }
  }

  private void recoverEntries(List<Entry> entries) {
    long first = Math.max(entries.getFirst().index(), log.baseIndex() + 1);
    List<Entry> behindBase = entries.stream().filter(each -> each.index() >= first).toList();
    cutOff(first);
    log.append(behindBase);
    configurations.onAppended(behindBase);
  }

  private void cutOff(long from) {
    log.truncateFrom(from);
    configurations.onTruncated(from);
  }

  private void restartAt(AppliedPoint point) {
    log.restartAt(point.index(), point.term());
    configurations.restartAt(point.index(), point.configuration());
  }

  /**
   * What the state machine has is durable by itself. It may be more than the journal kept, or other
   * than the journal kept: a snapshot had been installed, and the record of it was lost in the
   * crash.
   *
   * @param applied what the state machine says that it has applied
   */
  public void finish(AppliedPoint applied) {
    long index = applied.index();
    boolean isInLog =
        index <= log.baseIndex() || (index <= log.lastIndex() && log.term(index) == applied.term());
    if (!isInLog) {
      restartAt(applied);
      unrecorded = new Restarted(applied);
    }
  }

  /**
   * Something else on the disk shows that the log was committed up to here: so it may be applied
   * before any leader says so.
   */
  public void onCommitted(long index) {
    committed = Math.max(committed, index);
  }

  long committed() {
    return committed;
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

  /**
   * A snapshot may come from a term that the journal has not heard of. No vote was given there: it
   * would be in the journal.
   */
  TermAndVote termAndVote() {
    long lastTerm = log.lastTerm();
    return lastTerm > termAndVote.term() ? new TermAndVote(lastTerm, null) : termAndVote;
  }

  /** The configuration that the log ends with. */
  public Configuration configuration() {
    return configurations.latest();
  }
}
