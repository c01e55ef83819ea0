package io.gamut.replication.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.JournalRecord.Admitted;
import io.gamut.replication.message.JournalRecord.BarrierRaised;
import io.gamut.replication.message.JournalRecord.CatchUpAbandoned;
import io.gamut.replication.message.JournalRecord.ClockBound;
import io.gamut.replication.message.JournalRecord.Dismissed;
import io.gamut.replication.message.JournalRecord.Fenced;
import io.gamut.replication.message.JournalRecord.GappedUpdates;
import io.gamut.replication.message.JournalRecord.LifeHeard;
import io.gamut.replication.message.JournalRecord.MembersChanged;
import io.gamut.replication.message.JournalRecord.NewOrigin;
import io.gamut.replication.message.JournalRecord.Updates;

/** The encoding of {@link JournalRecord}s: a type that the journal stores beside a body. */
public final class JournalCodec {
  private static final int UPDATES = 1;
  private static final int GAPPED_UPDATES = 2;
  private static final int NEW_ORIGIN = 3;
  private static final int CLOCK_BOUND = 4;
  private static final int MEMBERS_CHANGED = 5;
  private static final int BARRIER_RAISED = 6;
  private static final int CATCH_UP_ABANDONED = 7;
  private static final int LIFE_HEARD = 8;
  private static final int FENCED = 9;
  private static final int ADMITTED = 10;
  private static final int DISMISSED = 11;

  private JournalCodec() {}

  /** The record's type, within the journal's range for the weak world (1 to 63). */
  public static int type(JournalRecord record) {
    return switch (record) {
      case Updates updates -> UPDATES;
      case GappedUpdates gapped -> GAPPED_UPDATES;
      case NewOrigin origin -> NEW_ORIGIN;
      case ClockBound bound -> CLOCK_BOUND;
      case MembersChanged members -> MEMBERS_CHANGED;
      case BarrierRaised barrier -> BARRIER_RAISED;
      case CatchUpAbandoned abandoned -> CATCH_UP_ABANDONED;
      case LifeHeard life -> LIFE_HEARD;
      case Fenced fenced -> FENCED;
      case Admitted admitted -> ADMITTED;
      case Dismissed dismissed -> DISMISSED;
    };
  }

  public static byte[] body(JournalRecord record) {
    BinaryWriter out = new BinaryWriter();
    switch (record) {
      case Updates updates -> UpdateCodec.write(updates.updates(), out);
      case GappedUpdates gapped -> {
        out.writeOrigin(gapped.origin());
        out.writeVarint(gapped.through());
        gapped.barrier().write(out);
        UpdateCodec.write(gapped.updates(), out);
      }
      case NewOrigin origin -> out.writeOrigin(origin.origin());
      case ClockBound bound -> out.writeLong(bound.timestamp());
      case MembersChanged members -> members.table().write(out);
      case BarrierRaised barrier -> barrier.shownByAll().write(out);
      case CatchUpAbandoned abandoned -> {}
      case LifeHeard life -> {
        life.node().write(out);
        out.writeLong(life.boot());
      }
      case Fenced(long incarnation, long round) -> {
        out.writeLong(incarnation);
        out.writeVarint(round);
      }
      case Admitted(long index) -> out.writeVarint(index);
      case Dismissed(long index) -> out.writeVarint(index);
    }
    return out.toByteArray();
  }

  /** Decodes a record. Throws {@link InvalidDataException} on anything that is not one. */
  public static JournalRecord decode(int type, byte[] body) {
    BinaryReader in = new BinaryReader(body);
    JournalRecord record =
        switch (type) {
          case UPDATES -> new Updates(UpdateCodec.read(in));
          case GAPPED_UPDATES -> readGapped(in);
          case NEW_ORIGIN -> new NewOrigin(in.readOrigin());
          case CLOCK_BOUND -> new ClockBound(in.readLong());
          case MEMBERS_CHANGED -> new MembersChanged(MemberTable.read(in));
          case BARRIER_RAISED -> new BarrierRaised(VersionVector.read(in));
          case CATCH_UP_ABANDONED -> new CatchUpAbandoned();
          case FENCED -> new Fenced(in.readLong(), in.readVarint());
          case ADMITTED -> new Admitted(in.readVarint());
          case DISMISSED -> new Dismissed(in.readVarint());
          case LIFE_HEARD -> new LifeHeard(NodeId.read(in), in.readLong());
          default -> throw new InvalidDataException("journal record of type " + type);
        };
    in.requireEnd();
    return record;
  }

  private static GappedUpdates readGapped(BinaryReader in) {
    Origin origin = in.readOrigin();
    long through = in.readVarint();
    if (through < 1) {
      throw new InvalidDataException("sequences count from 1, not " + through);
    }
    VersionVector barrier = VersionVector.read(in);
    return new GappedUpdates(origin, through, UpdateCodec.read(in), barrier);
  }
}
