package io.gamut.storage.log;

import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecordCodec;
import io.gamut.storage.journal.GroupCommit;
import io.gamut.storage.journal.JournalBatch;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Gathers the records of a turn into one batch for the journal, and knows how many of each kind are
 * durable: the weak world's (types up to 63) and the ledger's.
 *
 * <p>What does not fit waits in memory; whoever takes requests looks at {@link #isFull} first.
 */
public final class JournalFeed {
  /** Bytes on their way to the disk beyond which nothing more should be taken in. */
  private static final long PENDING_BYTES_HIGH = 16L << 20;

  private final GroupCommit journal;
  private final JournalBatch batch = new JournalBatch();
  private final ArrayDeque<Waiting> overflow = new ArrayDeque<>();
  private final ArrayDeque<Appended> appended = new ArrayDeque<>();
  private Counts added = new Counts(0, 0);
  private Counts given = added;
  private Counts durable = given;
  private long handledSequence;

  /** So many of the ledger's records there were with the last of a log that begins anew. */
  private long restartedAt;

  /** How many records of each kind, since the start. */
  public record Counts(long ofWeak, long ofLedger) {
    private Counts with(int type) {
      return LedgerRecordCodec.isLedgers(type)
          ? new Counts(ofWeak, ofLedger + 1)
          : new Counts(ofWeak + 1, ofLedger);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Waiting(int type, byte[] body) {}

  /** Records up to these counts went to the journal as this append. */
  private record Appended(long sequence, Counts counts) {}

  public JournalFeed(GroupCommit journal) {
    this.journal = journal;
  }

  public void add(LedgerRecord record) {
    add(LedgerRecordCodec.type(record), LedgerRecordCodec.body(record));
    if (record instanceof LedgerRecord.Restarted) {
      restartedAt = added.ofLedger();
    }
  }

  /** Throws {@link IllegalArgumentException} if it is longer than a journal's records may be. */
  public void add(int type, byte[] body) {
    if (body.length > JournalBatch.RECORD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a record of %d bytes, where %d are the most"
              .formatted(body.length, JournalBatch.RECORD_BYTES_MAX));
    }
    added = added.with(type);
    if (overflow.isEmpty() && batch.fits(body.length)) {
      put(type, body);
    } else {
      overflow.add(new Waiting(type, body));
    }
  }

  private void put(int type, byte[] body) {
    batch.add(type, body);
    given = given.with(type);
  }

  /** Hands what has gathered to the journal; false when there is nothing, or no room there. */
  public boolean append() throws IOException {
    if (batch.isEmpty()) {
      return false;
    }
    long sequence = journal.append(batch);
    if (sequence == GroupCommit.REFUSED) {
      return false;
    }
    appended.add(new Appended(sequence, given));
    while (!overflow.isEmpty() && batch.fits(overflow.getFirst().body.length)) {
      Waiting next = overflow.removeFirst();
      put(next.type, next.body);
    }
    return true;
  }

  /**
   * What is durable once all appends up to a sequence number are.
   *
   * @return whether that is more than before
   */
  public boolean onDurable(long sequence) {
    boolean isMore = false;
    while (!appended.isEmpty() && appended.getFirst().sequence <= sequence) {
      Appended done = appended.removeFirst();
      durable = done.counts;
      handledSequence = done.sequence;
      isMore = true;
    }
    return isMore;
  }

  /** Whether the last record of a log that begins anew is durable; also if there was none. */
  public boolean isRestartDurable() {
    return durable.ofLedger() >= restartedAt;
  }

  public Counts durable() {
    return durable;
  }

  /** The last append of which it was said that it is durable. */
  public long handledSequence() {
    return handledSequence;
  }

  /** Whether the disk is behind, so that nothing more should be taken in for now. */
  public boolean isFull() {
    return !overflow.isEmpty() || journal.pendingBytes() > PENDING_BYTES_HIGH;
  }

  /** Whether everything that was given is durable. */
  public boolean isIdle() {
    return appended.isEmpty() && batch.isEmpty();
  }
}
