package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecord.Entries;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What has been given to the journal and what of it is durable; messages that say something of the
 * term or the log wait here until the journal could repeat it after a crash.
 *
 * <p>A leader's entries go out while it writes them itself (thesis, section 10.2.1): its own disk
 * is one of the majority, no more.
 */
final class Journaling {
  /** More messages are dropped, as any may be lost: a disk that hangs must not fill the memory. */
  private static final int HELD_MAX = 10_000;

  /**
   * What one record holds of entries, if not a single longer one: a journal limits its records, and
   * a leader may gather as much as may stand in the log uncommitted.
   */
  private static final int RECORD_BYTES_MAX = 1 << 20;

  private final ArrayDeque<Written> writing = new ArrayDeque<>();
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private List<Entry> gathered = new ArrayList<>();
  private long given;
  private long durable;
  private long termGiven;
  private long durableIndex;

  /** Entries up to {@code last} are given with the record of this number. */
  private record Written(long number, long last) {}

  /** A message that waits until this many records are durable. */
  private record Held(long number, Participant to, LedgerMessage message) {}

  Journaling(long durableIndex) {
    this.durableIndex = durableIndex;
  }

  /** The log is durable up to here. */
  long durableIndex() {
    return durableIndex;
  }

  /** Whether term and vote are durable. */
  boolean isTermDurable() {
    return termGiven <= durable;
  }

  void persist(TermAndVote record, LedgerEffects effects) {
    flush(effects);
    give(record, effects);
    termGiven = given;
  }

  /** An entry of a leader, the next in its log: goes to the journal with others that follow. */
  void gather(Entry entry) {
    gathered.add(entry);
  }

  /** Gives what has gathered to the journal. */
  void flush(LedgerEffects effects) {
    if (!gathered.isEmpty()) {
      List<Entry> entries = gathered;
      gathered = new ArrayList<>();
      persist(entries, effects);
    }
  }

  /** Entries that replace all from the first one's index on. */
  void persist(List<Entry> entries, LedgerEffects effects) {
    flush(effects);
    onTruncated(entries.getFirst().index());
    int begin = 0;
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      int next = entries.get(i).size();
      if (i > begin && bytes + next > RECORD_BYTES_MAX) {
        give(entries.subList(begin, i), effects);
        begin = i;
        bytes = 0;
      }
      bytes += next;
    }
    give(entries.subList(begin, entries.size()), effects);
  }

  private void give(List<Entry> entries, LedgerEffects effects) {
    give(new Entries(List.copyOf(entries)), effects);
    writing.add(new Written(given, entries.getLast().index()));
  }

  /** The log begins behind a snapshot, and nothing of what it was is left. */
  void restart(Restarted record, LedgerEffects effects) {
    flush(effects);
    writing.clear();
    durableIndex = record.snapshot().index();
    give(record, effects);
  }

  /** The log up to here is in a snapshot, which is durable by itself. */
  void onInstalled(long index) {
    durableIndex = Math.max(durableIndex, index);
  }

  /** What is being written of the log from an index on does not count any more. */
  private void onTruncated(long from) {
    durableIndex = Math.min(durableIndex, from - 1);
    if (!writing.isEmpty() && writing.getLast().last >= from) {
      List<Written> before = List.copyOf(writing);
      writing.clear();
      before.forEach(each -> writing.add(new Written(each.number, Math.min(each.last, from - 1))));
    }
  }

  private void give(LedgerRecord record, LedgerEffects effects) {
    given++;
    effects.persist(record);
  }

  /** Sends a message as soon as the term that it speaks for is durable. */
  void send(Participant to, LedgerMessage message, LedgerEffects effects) {
    if (isTermDurable()) {
      effects.send(to, message);
    } else if (held.size() < HELD_MAX) {
      held.add(new Held(termGiven, to, message));
    }
  }

  void onPersisted(long count, LedgerEffects effects) {
    durable = Math.max(durable, count);
    while (!writing.isEmpty() && writing.getFirst().number <= durable) {
      durableIndex = Math.max(durableIndex, writing.removeFirst().last);
    }
    for (Iterator<Held> each = held.iterator(); each.hasNext(); ) {
      Held next = each.next();
      if (next.number <= durable) {
        each.remove();
        effects.send(next.to, next.message);
      }
    }
  }
}
