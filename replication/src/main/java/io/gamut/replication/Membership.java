package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.replication.message.Member;
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
  private final NodeId self;
  private MemberTable table;
  private List<NodeId> others = List.of();

  Membership(NodeId self, MemberTable table) {
    this.self = self;
    become(table);
  }

  private void become(MemberTable next) {
    table = next;
    others = new ArrayList<>();
    for (Member member : next.members()) {
      if (member.isActive() && !member.node().equals(self)) {
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

  /** Whether this server's own row says that it is a member at this address. */
  boolean isActiveAt(String address) {
    Member own = ownRow();
    return own != null && own.isActive() && own.address().equals(address);
  }

  /** Above that of this server's own row, so that what it says next of itself counts. */
  long stampAbove(long stamp) {
    Member own = ownRow();
    return own == null ? stamp : Math.max(stamp, own.stamp() + 1);
  }

  private @Nullable Member ownRow() {
    for (Member member : table.members()) {
      if (member.node().equals(self)) {
        return member;
      }
    }
    return null;
  }
}
