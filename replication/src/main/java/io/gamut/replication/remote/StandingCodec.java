package io.gamut.replication.remote;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Ends;
import io.gamut.core.NodeId;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.replication.message.MemberTable;
import java.util.ArrayList;
import java.util.List;

/** The encoding of a {@link Standing}. */
final class StandingCodec {
  private static final int ADMITTED = 1;
  private static final int HOPELESS = 1 << 1;
  private static final int LED = 1 << 2;
  private static final int SETTLED = 1 << 3;

  private static final int DISKS_MAX = 1 << 20;

  private StandingCodec() {}

  static void write(Standing standing, BinaryWriter out) {
    NodeId leader = standing.leader();
    out.writeByte(
        (standing.isAdmitted() ? ADMITTED : 0)
            | (standing.isHopeless() ? HOPELESS : 0)
            | (leader == null ? 0 : LED)
            | (standing.settled() ? SETTLED : 0));
    if (leader != null) {
      leader.write(out);
    }
    out.writeLong(standing.clock());
    out.writeVarint(standing.ledgerMillis());
    out.writeVarint(standing.term());
    out.writeVarint(standing.applied());
    out.writeVarint(standing.last());
    out.writeLong(standing.hash());
    out.writeLong(standing.floor());
    out.writeVarint(standing.discarded());
    standing.configuration().write(out);
    standing.ends().write(out);
    out.writeVarint(standing.ends().disks().size());
    standing.ends().disks().forEach(out::writeLong);
    standing.absorbed().write(out);
    standing.received().write(out);
    standing.visible().write(out);
    standing.stable().write(out);
    standing.members().write(out);
    out.writeVarint(standing.antiEntropyBytes());
  }

  static Standing read(BinaryReader in) {
    int flags = in.readByte();
    NodeId leader = (flags & LED) == 0 ? null : NodeId.read(in);
    return new Standing(
        (flags & ADMITTED) != 0,
        (flags & HOPELESS) != 0,
        in.readLong(),
        in.readVarint(),
        leader,
        in.readVarint(),
        in.readVarint(),
        in.readVarint(),
        in.readLong(),
        in.readLong(),
        in.readVarint(),
        Configuration.read(in),
        readEnds(in),
        VersionVector.read(in),
        VersionVector.read(in),
        VersionVector.read(in),
        VersionVector.read(in),
        (flags & SETTLED) != 0,
        MemberTable.read(in),
        in.readVarint());
  }

  private static Ends readEnds(BinaryReader in) {
    Ends ends = Ends.read(in);
    List<Long> disks = new ArrayList<>();
    for (int left = in.readCount(DISKS_MAX, "disks"); left > 0; left--) {
      disks.add(in.readLong());
    }
    return ends.withDisks(disks);
  }
}
