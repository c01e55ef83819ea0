package io.gamut.replication.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Who belongs to the cluster: a row per server, the later stamp winning, so that tables merge in
 * any order to the same. Immutable.
 */
public record MemberTable(List<Member> members) {
  private static final int MEMBERS_MAX = 1_024;

  public static final MemberTable EMPTY = new MemberTable(List.of());

  /** Sorted by node, so that equal tables have equal encodings and digests. */
  public MemberTable {
    members = List.copyOf(members);
  }

  public MemberTable merge(Collection<Member> others) {
    TreeMap<NodeId, Member> rows = new TreeMap<>();
    members.forEach(row -> rows.put(row.node(), row));
    for (Member other : others) {
      rows.merge(other.node(), other, MemberTable::later);
    }
    return new MemberTable(new ArrayList<>(rows.values()));
  }

  /** Equal stamps of different rows are settled by the rows themselves, the same everywhere. */
  private static Member later(Member left, Member right) {
    if (left.stamp() != right.stamp()) {
      return left.stamp() > right.stamp() ? left : right;
    }
    return left.toString().compareTo(right.toString()) >= 0 ? left : right;
  }

  /** Whether it is known that a server was a member, and is none any more. */
  public boolean hasLeft(NodeId node) {
    return members.stream().anyMatch(row -> row.node().equals(node) && !row.isActive());
  }

  /** Whether it is known of a server with this disk. */
  public boolean hasLeft(Participant disk) {
    return members.stream().anyMatch(row -> row.speaksOf(disk) && !row.isActive());
  }

  public long digest() {
    long digest = 1;
    for (Member member : members) {
      digest = digest * 1_000_003 + member.node().value();
      digest = digest * 1_000_003 + member.stamp();
      digest = digest * 1_000_003 + member.address().hashCode();
      digest = digest * 1_000_003 + member.standing().code;
      digest = digest * 1_000_003 + member.incarnation();
    }
    return digest;
  }

  public void write(BinaryWriter out) {
    out.writeVarint(members.size());
    members.forEach(member -> member.write(out));
  }

  public static MemberTable read(BinaryReader in) {
    int count = in.readCount(MEMBERS_MAX, "members");
    List<Member> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(Member.read(in));
    }
    return EMPTY.merge(members);
  }
}
