package io.gamut.replication;

import io.gamut.core.Dot;
import io.gamut.core.Origin;
import io.gamut.replication.AwaitingDisk.FenceSet;
import io.gamut.replication.committed.LostDisks;
import io.gamut.replication.message.JournalRecord.Fenced;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps out what may lie beyond the end of an origin that is being closed. A replica that has said
 * what it holds of a lost disk's updates takes no more of them, until the ledger has closed them;
 * after that it takes them up to their ends. Otherwise one that is still under way could come to be
 * depended on, and be void.
 *
 * <p>A fence is durable before anybody is told what is held.
 */
final class Fence {
  private final LedgerProgress ledger;
  private final Reception reception;
  private final TreeMap<Long, Long> rounds;
  private final TreeMap<Long, Long> durable;
  private boolean isLeaving;

  Fence(LedgerProgress ledger, Reception reception, Map<Long, Long> rounds) {
    this.ledger = ledger;
    this.reception = reception;
    this.rounds = new TreeMap<>(rounds);
    durable = new TreeMap<>(rounds);
  }

  /**
   * This server leaves: it goes on taking updates when it is no member any more, since others that
   * leave too wait until it holds theirs.
   */
  void leave(boolean leaves) {
    isLeaving = leaves;
  }

  /** Whether an update of somebody else may be taken. */
  boolean admits(Dot dot) {
    Origin origin = dot.origin();
    LostDisks lost = ledger.lost();
    boolean isOpen = rounds.getOrDefault(origin.high(), 0L) <= lost.roundOf(origin.high());
    return (ledger.isAdmitted() || isLeaving)
        && !lost.ends().isBeyond(dot)
        && (isOpen || (lost.ends().isClosed(origin) && ledger.hasAbsorbedAllOf(origin)));
  }

  /** From now on takes nothing of a lost disk, until it has been closed so often. */
  void set(long incarnation, long round, DiskQueue disk, Effects effects) {
    if (recover(incarnation, round)) {
      reception.forgetEarly();
      disk.persist(new Fenced(incarnation, round), new FenceSet(incarnation, round), effects);
    }
  }

  /** Whether it was not as far before. */
  boolean recover(long incarnation, long round) {
    boolean isNew = rounds.getOrDefault(incarnation, 0L) < round;
    if (isNew) {
      rounds.put(incarnation, round);
    }
    return isNew;
  }

  void onDurable(long incarnation, long round) {
    durable.merge(incarnation, round, Math::max);
  }

  /** Whether a fence is durable, so that what is held may be told. */
  boolean isSet(long incarnation, long round) {
    return durable.getOrDefault(incarnation, 0L) >= round;
  }

  /** What a checkpoint must keep. */
  Map<Long, Long> durable() {
    return durable;
  }
}
