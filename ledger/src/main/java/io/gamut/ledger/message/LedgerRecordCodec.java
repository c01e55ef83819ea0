package io.gamut.ledger.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.EntryCodec;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerRecord.Entries;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import org.jspecify.annotations.Nullable;

/** The encoding of {@link LedgerRecord}s: a type that the journal stores beside a body. */
public final class LedgerRecordCodec {
  private static final int TYPES_FROM = 64;
  private static final int TERM_AND_VOTE = TYPES_FROM;
  private static final int ENTRIES = 65;
  private static final int RESTARTED = 66;

  private LedgerRecordCodec() {}

  /** Whether records of a type are the ledger's; those below are the weak world's. */
  public static boolean isLedgers(int type) {
    return type >= TYPES_FROM;
  }

  /** The record's type, within the journal's range for the ledger (64 to 127). */
  public static int type(LedgerRecord record) {
    return switch (record) {
      case TermAndVote latest -> TERM_AND_VOTE;
      case Entries entries -> ENTRIES;
      case Restarted restarted -> RESTARTED;
    };
  }

  /** Whether records of a type are {@link Entries}. */
  public static boolean isEntries(int type) {
    return type == ENTRIES;
  }

  public static byte[] body(LedgerRecord record) {
    BinaryWriter out = new BinaryWriter();
    switch (record) {
      case TermAndVote(long term, Participant vote) -> {
        out.writeVarint(term);
        out.writeByte(vote == null ? 0 : 1);
        if (vote != null) {
          vote.write(out);
        }
      }
      case Entries(var entries) -> {
        out.writeVarint(entries.getFirst().index());
        EntryCodec.write(entries, out);
      }
      case Restarted(AppliedPoint point) -> {
        out.writeVarint(point.index());
        out.writeVarint(point.term());
        point.configuration().write(out);
      }
    }
    return out.toByteArray();
  }

  /** Decodes a record. Throws {@link InvalidDataException} on anything that is not one. */
  public static LedgerRecord decode(int type, byte[] body) {
    BinaryReader in = new BinaryReader(body);
    LedgerRecord record =
        switch (type) {
          case TERM_AND_VOTE -> new TermAndVote(in.readVarint(), readVote(in));
          case ENTRIES -> readEntries(in);
          case RESTARTED ->
              new Restarted(
                  new AppliedPoint(in.readVarint(), in.readVarint(), Configuration.read(in)));
          default -> throw new InvalidDataException("ledger record of type " + type);
        };
    in.requireEnd();
    return record;
  }

  private static @Nullable Participant readVote(BinaryReader in) {
    int flag = in.readByte();
    if (flag > 1) {
      throw new InvalidDataException("a vote is there or not, 1 or 0, not " + flag);
    }
    return flag == 0 ? null : Participant.read(in);
  }

  private static Entries readEntries(BinaryReader in) {
    long first = in.readVarint();
    if (first < 1) {
      throw new InvalidDataException("entries count from 1, not " + first);
    }
    Entries entries = new Entries(EntryCodec.read(first - 1, in));
    if (entries.entries().isEmpty()) {
      throw new InvalidDataException("a record of no entries");
    }
    return entries;
  }
}
