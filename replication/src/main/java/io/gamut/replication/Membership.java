package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.Member.Standing;
import io.gamut.replication.message.MemberTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to the cluster, in the weak world: a table that every server merges with what it
 * hears. Nobody is taken out for being silent: what a member lacks is kept for it until it leaves.
 */
final class Membership {
  private final Participant self;
  private MemberTable table;
  private List<NodeId> others = List.of();

  Membership(Participant self, MemberTable table) {
    this.self = self;
    become(table);
  }

  private void become(MemberTable next) {
    table = next;
    others = new ArrayList<>();
    for (Member member : next.members()) {
      if (member.isActive() && !member.node().equals(self.node())) {
        others.add(member.node());
      }
    }
  }

  MemberTable table() {
    return table;
  }

  /** The active members but this one, ascending. */
  Collection<NodeId> others() {
    return others;
  }

  /**
   * Merges rows in.
   *
   * @return whether the table has changed
   */
  boolean merge(Collection<Member> rows) {
    MemberTable merged = table.merge(rows);
    if (merged.equals(table)) {
      return false;
    }
    become(merged);
    return true;
  }

  /** Whether this server's own row says that it is a member: not once it has left. */
  boolean isActive() {
    Member own = ownRow();
    return own != null && own.isActive();
  }

  /** Whether this server's own row says that it is a member at this address, with this disk. */
  boolean isActiveAt(String address) {
    Member own = ownRow();
    return own != null
        && own.isActive()
        && own.address().equals(address)
        && own.incarnation() == self.incarnation();
  }

  /** Whether this server's own row speaks of a disk that it had before. */
  boolean isOfOtherDisk() {
    Member own = ownRow();
    return own != null && !own.speaksOf(self);
  }

  /** A row of this server, later than all that it has said of itself. */
  Member row(String address, Standing standing, long stamp) {
    return new Member(self.node(), address, standing, stampAbove(stamp), self.incarnation());
  }

  /** Above that of this server's own row, so that what it says next of itself counts. */
  private long stampAbove(long stamp) {
    Member own = ownRow();
    return own == null ? stamp : Math.max(stamp, own.stamp() + 1);
  }

  private @Nullable Member ownRow() {
    for (Member member : table.members()) {
      if (member.node().equals(self.node())) {
        return member;
      }
    }
    return null;
  }
}
