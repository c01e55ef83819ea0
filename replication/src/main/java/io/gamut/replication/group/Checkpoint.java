package io.gamut.replication.group;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import io.gamut.replication.ReplicaState;
import org.jspecify.annotations.Nullable;

/**
 * What is kept beside the store of updates, and stands for all of the journal in front of it.
 *
 * @param position of the journal that the weak world's state speaks for
 * @param ledger what the ledger keeps; null in one of a release without a ledger
 */
public record Checkpoint(long position, ReplicaState state, @Nullable OfLedger ledger) {
  /**
   * The ledger's part.
   *
   * @param position of the journal from which on its entries behind the base are found
   * @param applied how far it was applied: so far it was committed
   */
  public record OfLedger(long position, long applied, Ledger.Kept kept) {}

  /** Where the journal has to be read from. */
  public long from() {
    return ledger == null ? position : Math.min(position, ledger.position);
  }

  public byte[] encode() {
    BinaryWriter out = new BinaryWriter();
    out.writeVarint(position);
    out.writeRaw(state.encode());
    if (ledger != null) {
      AppliedPoint base = ledger.kept.base();
      TermAndVote latest = ledger.kept.termAndVote();
      out.writeVarint(ledger.position);
      out.writeVarint(ledger.applied);
      out.writeVarint(base.index());
      out.writeVarint(base.term());
      base.configuration().write(out);
      out.writeVarint(latest.term());
      out.writeByte(latest.vote() == null ? 0 : 1);
      if (latest.vote() != null) {
        latest.vote().write(out);
      }
    }
    return out.toByteArray();
  }

  /** Reads what {@link #encode} wrote, in this release or an earlier one. */
  public static Checkpoint decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    long position = in.readVarint();
    ReplicaState state = ReplicaState.decode(in);
    OfLedger ledger = in.remaining() == 0 ? null : readOfLedger(in);
    in.requireEnd();
    return new Checkpoint(position, state, ledger);
  }

  private static OfLedger readOfLedger(BinaryReader in) {
    long position = in.readVarint();
    long applied = in.readVarint();
    AppliedPoint base = new AppliedPoint(in.readVarint(), in.readVarint(), Configuration.read(in));
    long term = in.readVarint();
    Participant vote = in.readByte() == 0 ? null : Participant.read(in);
    return new OfLedger(position, applied, new Ledger.Kept(base, new TermAndVote(term, vote)));
  }
}
