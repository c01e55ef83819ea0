package io.gamut.replication;

import io.gamut.replication.message.JournalRecord.Dismissed;

/**
 * From where on the ledger decides again whether this disk is a member, after it has asked to be
 * let go, or was put out.
 *
 * <p>Such a server may not have applied its own removal, and if it is started again it would take
 * itself for a member, by an older configuration: take writes while others close and collect
 * without it. So it is remembered on the disk, before it is asked for, and for all later lives:
 * first that it is not known ({@link #UNTIL_TOLD}), then up to which index the removal was
 * committed. What the ledger says from that index on is true again.
 */
public final class Dismissal {
  /** It may be let go at any index from here on. */
  public static final long UNTIL_TOLD = Long.MAX_VALUE;

  private long index;
  private long durableIndex;

  Dismissal(long index) {
    this.index = index;
    durableIndex = index;
  }

  void recover(Dismissed record) {
    index = record.index();
    durableIndex = index;
  }

  void set(long next, DiskQueue disk, Effects effects) {
    if (next != index) {
      index = next;
      disk.persist(new Dismissed(next), new AwaitingDisk.DismissalKept(next), effects);
    }
  }

  void onDurable(long kept) {
    durableIndex = kept;
  }

  /** Up to here no configuration counts, 0 for none. */
  public long index() {
    return index;
  }

  /** The same, as far as it will not be forgotten. */
  public long durableIndex() {
    return durableIndex;
  }
}
