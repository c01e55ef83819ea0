package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Ends;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Operation;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Command.Absorb;
import io.gamut.replication.committed.Command.Close;
import io.gamut.replication.committed.Command.Condemn;
import io.gamut.replication.committed.Command.Operations;
import io.gamut.replication.committed.Command.RaiseFloor;
import io.gamut.replication.message.UpdateCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoding of {@link Command}s: a format, a kind, a body. */
public final class CommandCodec {
  /** In one batch. */
  public static final int OPERATIONS_MAX = 1 << 16;

  private static final int FORMAT = 1;
  private static final int OPERATIONS = 1;
  private static final int ABSORB = 2;
  private static final int CONDEMN = 3;
  private static final int CLOSE = 4;
  private static final int RAISE_FLOOR = 5;
  private static final int PARTICIPANTS_MAX = Configuration.VOTERS_MAX + Configuration.LEARNERS_MAX;

  private CommandCodec() {}

  public static byte[] encode(Command command) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    switch (command) {
      case Operations batch -> {
        out.writeByte(OPERATIONS);
        out.writeLong(batch.proposer().id());
        out.writeLong(batch.proposer().boot());
        out.writeVarint(batch.number());
        out.writeVarint(batch.answered());
        batch.dependencies().write(out);
        OperationCodec.writeVersion(batch.stamp(), out);
        out.writeVarint(batch.operations().size());
        batch.operations().forEach(operation -> OperationCodec.write(operation, out));
      }
      case Absorb(var updates) -> {
        out.writeByte(ABSORB);
        UpdateCodec.write(updates, out);
      }
      case Condemn(Participant gone, boolean forgets) -> {
        out.writeByte(CONDEMN);
        gone.write(out);
        out.writeByte(forgets ? 1 : 0);
      }
      case Close(Participant gone, long round, Ends ends, List<Participant> asked) -> {
        out.writeByte(CLOSE);
        gone.write(out);
        out.writeVarint(round);
        ends.write(out);
        write(asked, out);
      }
      case RaiseFloor(long floor, List<Participant> promisers, VersionVector promised) -> {
        out.writeByte(RAISE_FLOOR);
        out.writeLong(floor);
        write(promisers, out);
        promised.write(out);
      }
    }
    return out.toByteArray();
  }

  /** Decodes a command. Throws {@link InvalidDataException} on anything that is not one. */
  public static Command decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("ledger command of format " + format + ", not " + FORMAT);
    }
    int kind = in.readByte();
    Command command =
        switch (kind) {
          case OPERATIONS -> readOperations(in);
          case ABSORB -> new Absorb(UpdateCodec.read(in));
          case CONDEMN -> new Condemn(Participant.read(in), in.readByte() != 0);
          case CLOSE ->
              new Close(Participant.read(in), in.readVarint(), Ends.read(in), readParticipants(in));
          case RAISE_FLOOR ->
              new RaiseFloor(in.readLong(), readParticipants(in), VersionVector.read(in));
          default -> throw new InvalidDataException("ledger command of kind " + kind);
        };
    in.requireEnd();
    return command;
  }

  private static void write(List<Participant> participants, BinaryWriter out) {
    out.writeVarint(participants.size());
    participants.forEach(participant -> participant.write(out));
  }

  private static List<Participant> readParticipants(BinaryReader in) {
    List<Participant> participants = new ArrayList<>();
    for (int left = in.readCount(PARTICIPANTS_MAX, "participants"); left > 0; left--) {
      participants.add(Participant.read(in));
    }
    return participants;
  }

  private static Operations readOperations(BinaryReader in) {
    Proposer proposer = new Proposer(in.readLong(), in.readLong());
    long number = in.readVarint();
    long answered = in.readVarint();
    if (number < 1 || answered < 0 || answered >= number) {
      throw new InvalidDataException("batch " + number + " says that " + answered + " is answered");
    }
    VersionVector dependencies = VersionVector.read(in);
    Version stamp = OperationCodec.readVersion(in);
    List<@Nullable Operation> operations = new ArrayList<>();
    for (int left = in.readCount(OPERATIONS_MAX, "operations"); left > 0; left--) {
      operations.add(OperationCodec.read(in));
    }
    return new Operations(proposer, number, answered, dependencies, stamp, operations);
  }
}
