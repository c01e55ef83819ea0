package io.gamut.ledger.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryCodec;
import io.gamut.ledger.message.LedgerMessage.Append;
import io.gamut.ledger.message.LedgerMessage.Appended;
import io.gamut.ledger.message.LedgerMessage.Committed;
import io.gamut.ledger.message.LedgerMessage.Envelope;
import io.gamut.ledger.message.LedgerMessage.Inquiry;
import io.gamut.ledger.message.LedgerMessage.Outdated;
import io.gamut.ledger.message.LedgerMessage.ReadReply;
import io.gamut.ledger.message.LedgerMessage.ReadRequest;
import io.gamut.ledger.message.LedgerMessage.Rejected;
import io.gamut.ledger.message.LedgerMessage.Removed;
import io.gamut.ledger.message.LedgerMessage.Testimony;
import io.gamut.ledger.message.LedgerMessage.TimeoutNow;
import io.gamut.ledger.message.LedgerMessage.VoteReply;
import io.gamut.ledger.message.LedgerMessage.VoteRequest;
import java.util.List;

/**
 * The encoding of {@link LedgerMessage}s: format, kind, incarnations of sender and receiver, term,
 * body.
 */
public final class LedgerCodec {
  private static final int FORMAT = 1;
  private static final int APPEND = 1;
  private static final int APPENDED = 2;
  private static final int REJECTED = 3;
  private static final int VOTE_REQUEST = 4;
  private static final int VOTE_REPLY = 5;
  private static final int TIMEOUT_NOW = 6;
  private static final int READ_REQUEST = 7;
  private static final int READ_REPLY = 8;
  private static final int REMOVED = 9;
  private static final int COMMITTED = 10;
  private static final int OUTDATED = 11;
  private static final int INQUIRY = 12;
  private static final int TESTIMONY = 13;

  private LedgerCodec() {}

  public static byte[] encode(Envelope envelope) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeByte(kind(envelope.message()));
    out.writeLong(envelope.sender());
    out.writeLong(envelope.receiver());
    out.writeVarint(envelope.message().term());
    writeBody(envelope.message(), out);
    return out.toByteArray();
  }

  private static int kind(LedgerMessage message) {
    return switch (message) {
      case Append append -> APPEND;
      case Appended appended -> APPENDED;
      case Rejected rejected -> REJECTED;
      case VoteRequest request -> VOTE_REQUEST;
      case VoteReply reply -> VOTE_REPLY;
      case TimeoutNow now -> TIMEOUT_NOW;
      case ReadRequest request -> READ_REQUEST;
      case ReadReply reply -> READ_REPLY;
      case Removed removed -> REMOVED;
      case Committed committed -> COMMITTED;
      case Outdated outdated -> OUTDATED;
      case Inquiry inquiry -> INQUIRY;
      case Testimony testimony -> TESTIMONY;
    };
  }

  private static void writeBody(LedgerMessage message, BinaryWriter out) {
    switch (message) {
      case Append append -> {
        out.writeVarint(append.previous());
        out.writeVarint(append.previousTerm());
        out.writeVarint(append.commit());
        out.writeVarint(append.round());
        EntryCodec.write(append.entries(), out);
      }
      case Appended appended -> {
        out.writeVarint(appended.match());
        out.writeVarint(appended.round());
      }
      case Rejected rejected -> {
        out.writeVarint(rejected.previous());
        out.writeVarint(rejected.conflictIndex());
        out.writeVarint(rejected.round());
      }
      case VoteRequest request -> {
        out.writeVarint(request.lastIndex());
        out.writeVarint(request.lastTerm());
        writeFlag(request.isPreVote(), out);
        writeFlag(request.isHandover(), out);
      }
      case VoteReply reply -> {
        writeFlag(reply.isGranted(), out);
        writeFlag(reply.isPreVote(), out);
      }
      case TimeoutNow now -> {}
      case Outdated outdated -> {}
      case ReadRequest request -> {
        out.writeLong(request.life());
        out.writeLong(request.request());
      }
      case ReadReply reply -> {
        out.writeLong(reply.life());
        out.writeLong(reply.request());
        out.writeVarint(Math.max(reply.index(), -1) + 1);
      }
      case Removed removed -> out.writeVarint(removed.index());
      case Committed committed -> {
        out.writeVarint(committed.previous());
        EntryCodec.write(committed.entries(), out);
      }
      case Inquiry inquiry -> out.writeLong(inquiry.life());
      case Testimony testimony -> {
        out.writeLong(testimony.life());
        out.writeVarint(testimony.heardTerm());
        out.writeVarint(testimony.match());
        writeFlag(testimony.isVoter(), out);
      }
    }
  }

  private static void writeFlag(boolean flag, BinaryWriter out) {
    out.writeByte(flag ? 1 : 0);
  }

  /** Decodes a message. Throws {@link InvalidDataException} on anything that is not one. */
  public static Envelope decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("ledger message of format " + format + ", not " + FORMAT);
    }
    int kind = in.readByte();
    long sender = in.readLong();
    long receiver = in.readLong();
    LedgerMessage message = readBody(kind, in.readVarint(), in);
    in.requireEnd();
    return new Envelope(sender, receiver, message);
  }

  private static LedgerMessage readBody(int kind, long term, BinaryReader in) {
    return switch (kind) {
      case APPEND -> readAppend(term, in);
      case APPENDED -> new Appended(term, in.readVarint(), in.readVarint());
      case REJECTED -> new Rejected(term, in.readVarint(), in.readVarint(), in.readVarint());
      case VOTE_REQUEST ->
          new VoteRequest(term, in.readVarint(), in.readVarint(), readFlag(in), readFlag(in));
      case VOTE_REPLY -> new VoteReply(term, readFlag(in), readFlag(in));
      case TIMEOUT_NOW -> new TimeoutNow(term);
      case OUTDATED -> new Outdated(term);
      case READ_REQUEST -> new ReadRequest(term, in.readLong(), in.readLong());
      case READ_REPLY -> new ReadReply(term, in.readLong(), in.readLong(), in.readVarint() - 1);
      case REMOVED -> new Removed(term, in.readVarint());
      case COMMITTED -> {
        long previous = in.readVarint();
        yield new Committed(term, previous, readEntries(previous, 0, term, in));
      }
      case INQUIRY -> new Inquiry(term, in.readLong());
      case TESTIMONY ->
          new Testimony(term, in.readLong(), in.readVarint(), in.readVarint(), readFlag(in));
      default -> throw new InvalidDataException("ledger message of kind " + kind);
    };
  }

  private static Append readAppend(long term, BinaryReader in) {
    long previous = in.readVarint();
    long previousTerm = in.readVarint();
    long commit = in.readVarint();
    long round = in.readVarint();
    List<Entry> entries = readEntries(previous, previousTerm, term, in);
    return new Append(term, previous, previousTerm, entries, commit, round);
  }

  /** Terms never fall along a log, and none in it is above its holder's. */
  private static List<Entry> readEntries(
      long previous, long lowestTerm, long highestTerm, BinaryReader in) {
    List<Entry> entries = EntryCodec.read(previous, in);
    boolean isBetween =
        entries.isEmpty()
            || (entries.getFirst().term() >= lowestTerm && entries.getLast().term() <= highestTerm);
    if (!isBetween) {
      throw new InvalidDataException(
          "entries are of terms from " + lowestTerm + " to " + highestTerm + " here");
    }
    return entries;
  }

  private static boolean readFlag(BinaryReader in) {
    int flag = in.readByte();
    if (flag > 1) {
      throw new InvalidDataException("a flag is 0 or 1, not " + flag);
    }
    return flag == 1;
  }
}
