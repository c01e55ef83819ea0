package io.gamut.replication.strong;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Ends;
import io.gamut.core.InvalidDataException;
import io.gamut.core.OperationResult;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.EntryCodec;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.ResultCodec;
import io.gamut.replication.strong.StrongMessage.Application;
import io.gamut.replication.strong.StrongMessage.Bid;
import io.gamut.replication.strong.StrongMessage.Declined;
import io.gamut.replication.strong.StrongMessage.Executed;
import io.gamut.replication.strong.StrongMessage.Expelled;
import io.gamut.replication.strong.StrongMessage.Holdings;
import io.gamut.replication.strong.StrongMessage.Inquiry;
import io.gamut.replication.strong.StrongMessage.Offer;
import io.gamut.replication.strong.StrongMessage.Position;
import io.gamut.replication.strong.StrongMessage.Promised;
import io.gamut.replication.strong.StrongMessage.Reason;
import io.gamut.replication.strong.StrongMessage.Released;
import io.gamut.replication.strong.StrongMessage.Removal;
import io.gamut.replication.strong.StrongMessage.Resignation;
import io.gamut.replication.strong.StrongMessage.Urge;
import java.util.List;

/** The encoding of {@link StrongMessage}s: a format, a kind, a body. */
public final class StrongCodec {
  private static final int FORMAT = 2;
  private static final int OFFER = 1;
  private static final int DECLINED = 2;
  private static final int RESIGNATION = 4;
  private static final int RELEASED_SOMEWHERE = 5;
  private static final int POSITION = 6;
  private static final int APPLICATION = 7;
  private static final int REMOVAL = 8;
  private static final int EXPELLED_SOMEWHERE = 9;
  private static final int INQUIRY = 10;
  private static final int HOLDINGS = 11;
  private static final int PROMISED = 12;
  private static final int URGE = 13;
  private static final int RELEASED = 14;
  private static final int EXPELLED = 15;
  private static final int BID = 16;
  private static final int EXECUTED = 17;

  private StrongCodec() {}

  public static byte[] encode(StrongMessage message) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    switch (message) {
      case Offer(long boot, long number, long stamp, byte[] command) -> {
        out.writeByte(OFFER);
        out.writeLong(boot);
        out.writeVarint(number);
        out.writeLong(stamp);
        out.writeBytes(command);
      }
      case Bid(Proposer proposer, long number, long stamp, byte[] command) -> {
        out.writeByte(BID);
        out.writeLong(proposer.id());
        out.writeLong(proposer.boot());
        out.writeVarint(number);
        out.writeLong(stamp);
        out.writeBytes(command);
      }
      case Executed(long boot, long number, long index, List<OperationResult> results) -> {
        out.writeByte(EXECUTED);
        out.writeLong(boot);
        out.writeVarint(number);
        out.writeVarint(index);
        out.writeRaw(ResultCodec.encode(results));
      }
      case Declined(long boot, long number, Reason reason) -> {
        out.writeByte(DECLINED);
        out.writeLong(boot);
        out.writeVarint(number);
        out.writeByte(reason.code);
      }
      case Application(Participant applicant, long boot) -> {
        write(APPLICATION, applicant, out);
        out.writeLong(boot);
      }
      case Removal(Participant member) -> write(REMOVAL, member, out);
      case Expelled(Participant gone, long index) -> {
        write(EXPELLED, gone, out);
        out.writeVarint(index);
      }
      case Inquiry(Participant gone, long round) -> {
        write(INQUIRY, gone, out);
        out.writeVarint(round);
      }
      case Holdings(Participant gone, long round, Participant holder, Ends held) -> {
        write(HOLDINGS, gone, out);
        out.writeVarint(round);
        holder.write(out);
        held.write(out);
      }
      case Promised(Participant member, long bound, VersionVector received) -> {
        write(PROMISED, member, out);
        out.writeLong(bound);
        received.write(out);
      }
      case Urge() -> out.writeByte(URGE);
      case Resignation(Participant leaver) -> write(RESIGNATION, leaver, out);
      case Released(Participant leaver, long index) -> {
        write(RELEASED, leaver, out);
        out.writeVarint(index);
      }
      case Position(long incarnation, long commit) -> {
        out.writeByte(POSITION);
        out.writeLong(incarnation);
        out.writeVarint(commit);
      }
    }
    return out.toByteArray();
  }

  private static void write(int kind, Participant participant, BinaryWriter out) {
    out.writeByte(kind);
    participant.write(out);
  }

  /** Decodes a message. Throws {@link InvalidDataException} on anything that is not one. */
  public static StrongMessage decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("strong message of format " + format + ", not " + FORMAT);
    }
    int kind = in.readByte();
    StrongMessage message =
        switch (kind) {
          case OFFER ->
              new Offer(
                  in.readLong(),
                  in.readVarint(),
                  in.readLong(),
                  in.readBytes(EntryCodec.COMMAND_BYTES_MAX));
          case BID ->
              new Bid(
                  new Proposer(in.readLong(), in.readLong()),
                  in.readVarint(),
                  in.readLong(),
                  in.readBytes(EntryCodec.COMMAND_BYTES_MAX));
          case EXECUTED ->
              new Executed(in.readLong(), in.readVarint(), in.readVarint(), ResultCodec.read(in));
          case DECLINED -> new Declined(in.readLong(), in.readVarint(), reason(in.readByte()));
          case APPLICATION -> new Application(Participant.read(in), in.readLong());
          case REMOVAL -> new Removal(Participant.read(in));
          case EXPELLED_SOMEWHERE -> new Expelled(Participant.read(in), 0);
          case EXPELLED -> new Expelled(Participant.read(in), in.readVarint());
          case INQUIRY -> new Inquiry(Participant.read(in), in.readVarint());
          case HOLDINGS ->
              new Holdings(
                  Participant.read(in), in.readVarint(), Participant.read(in), Ends.read(in));
          case PROMISED ->
              new Promised(Participant.read(in), in.readLong(), VersionVector.read(in));
          case RESIGNATION -> new Resignation(Participant.read(in));
          case RELEASED_SOMEWHERE -> new Released(Participant.read(in), 0);
          case RELEASED -> new Released(Participant.read(in), in.readVarint());
          case POSITION -> new Position(in.readLong(), in.readVarint());
          case URGE -> new Urge();
          default -> throw new InvalidDataException("strong message of kind " + kind);
        };
    in.requireEnd();
    return message;
  }

  private static Reason reason(int code) {
    for (Reason reason : Reason.values()) {
      if (reason.code == code) {
        return reason;
      }
    }
    throw new InvalidDataException("reason " + code + " is not known here");
  }
}
