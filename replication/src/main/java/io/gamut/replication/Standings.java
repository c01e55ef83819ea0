package io.gamut.replication;

import io.gamut.ledger.log.Participant;
import io.gamut.replication.message.JournalRecord.MembersChanged;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.Member.Standing;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage.Members;
import java.util.List;

/** Says of this server, and of servers that an operator has had removed, what they are. */
final class Standings {
  private final String address;
  private final Membership membership;
  private final Stamping stamping;
  private final LedgerProgress ledger;
  private final DiskQueue disk;
  private boolean hasLeft;

  Standings(
      String address,
      Membership membership,
      Stamping stamping,
      LedgerProgress ledger,
      DiskQueue disk) {
    this.address = address;
    this.membership = membership;
    this.stamping = stamping;
    this.ledger = ledger;
    this.disk = disk;
  }

  /** Begins with the members that were heard of when joining. */
  void start(MemberTable known, Now now, Effects effects) {
    boolean changed = membership.merge(known.members());
    if (!membership.isActiveAt(address)) {
      changed |= declare(Standing.ACTIVE, now);
    }
    if (changed) {
      persist(AwaitingDisk.Nothing.NOTHING, effects);
    }
  }

  private void persist(AwaitingDisk then, Effects effects) {
    disk.persist(new MembersChanged(membership.table()), then, effects);
  }

  /** Says what this server is: later than all it has said of itself, even by another clock. */
  private boolean declare(Standing standing, Now now) {
    return membership.merge(List.of(membership.row(address, standing, stamping.time(now))));
  }

  void tell(Effects effects) {
    effects.membersChanged(membership.table());
    effects.broadcast(new Members(membership.table()));
  }

  /**
   * One that has come back may hear only now that it had left. If the ledger, as far as it is
   * applied here, has it as a member, then it may have been removed, and comes to know that first.
   * What is said of a disk that it had before is contradicted at once: it is alive with another.
   */
  void merge(MemberTable table, Now now, Effects effects) {
    if (membership.merge(table.members())) {
      declareIfOutside(now);
      persist(AwaitingDisk.Nothing.NOTHING, effects);
      tell(effects);
    }
  }

  private boolean declareIfOutside(Now now) {
    boolean isOutside = !ledger.isThere() || !ledger.isAdmitted();
    return !hasLeft
        && (isOutside || membership.isOfOtherDisk())
        && !membership.isActiveAt(address)
        && declare(Standing.ACTIVE, now);
  }

  /** More of the ledger is applied: it may say that this server is no member of it. */
  void onApplied(Now now, Effects effects) {
    if (declareIfOutside(now)) {
      persist(AwaitingDisk.Nothing.NOTHING, effects);
      tell(effects);
    }
  }

  /** A server has been removed by an operator with this disk: nobody waits for it any more. */
  void forget(Participant gone, Effects effects) {
    for (Member row : membership.table().members()) {
      if (row.speaksOf(gone) && row.isActive()) {
        // The same row wherever this is done.
        Member left =
            new Member(
                row.node(), row.address(), Standing.LEFT, row.stamp() + 1, row.incarnation());
        membership.merge(List.of(left));
        persist(AwaitingDisk.Nothing.NOTHING, effects);
        tell(effects);
      }
    }
  }

  void leave(AwaitingDisk.Left then, Now now, Effects effects) {
    hasLeft = true;
    declare(Standing.LEFT, now);
    persist(then, effects);
  }
}
