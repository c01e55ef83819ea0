package io.gamut.replication.group;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers that an operator has had removed: the weak world waits for them no more.
 *
 * <p>A server may come back with another disk while its removal is still on its way to some. So
 * what is forgotten is a row that speaks of a disk that is gone, as the ledger says, and never one
 * of the disk that the server has now: that one is not gone. It is judged by what is applied and
 * what the rows say now, not by what has just happened: a row of the old disk that comes later from
 * somewhere is forgotten as well.
 */
final class Forgetting {
  private final Participant self;
  private final StateMachine machine;
  private MemberTable seen = MemberTable.EMPTY;

  Forgetting(Participant self, StateMachine machine) {
    this.self = self;
    this.machine = machine;
  }

  /**
   * The disks to be forgotten, with their servers.
   *
   * @param isMoreApplied whether the ledger may say something new
   */
  List<Participant> due(MemberTable table, boolean isMoreApplied) {
    if (!isMoreApplied && table.equals(seen)) {
      return List.of();
    }
    seen = table;
    List<Participant> due = new ArrayList<>();
    for (Member row : table.members()) {
      Participant disk = new Participant(row.node(), row.incarnation());
      boolean isGone = row.incarnation() == Member.ANY_DISK || machine.isGone(disk);
      if (row.isActive() && isGone && isAway(row.node())) {
        due.add(disk);
      }
    }
    return due;
  }

  /** Whether a server was forgotten, and the ledger has it with no disk. */
  private boolean isAway(NodeId node) {
    return !node.equals(self.node())
        && machine.isForgotten(node)
        && machine.applied().configuration().everyone().stream()
            .noneMatch(member -> member.node().equals(node));
  }
}
