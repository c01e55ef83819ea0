package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.InvalidDataException;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What the committed state holds beside its rows. Every replica that has applied the same entries
 * has the same.
 */
final class CommittedState {
  private static final int FORMAT = 1;

  private AppliedPoint applied;
  private VersionVector absorbed;
  private long millis;
  private long latest;
  private long hash;
  final Proposers proposers;

  private CommittedState(
      AppliedPoint applied,
      VersionVector absorbed,
      long millis,
      long latest,
      long hash,
      Proposers proposers) {
    this.applied = applied;
    this.absorbed = absorbed;
    this.millis = millis;
    this.latest = latest;
    this.hash = hash;
    this.proposers = proposers;
  }

  /**
   * @param encoded as {@link #encode} gave it, or null before the first entry
   */
  static CommittedState of(byte @Nullable [] encoded) {
    if (encoded == null) {
      return new CommittedState(
          AppliedPoint.ORIGIN, VersionVector.EMPTY, 0, 0, 0, Proposers.none());
    }
    BinaryReader in = new BinaryReader(encoded);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("committed state of format " + format + ", not " + FORMAT);
    }
    AppliedPoint applied =
        new AppliedPoint(in.readVarint(), in.readVarint(), Configuration.read(in));
    VersionVector absorbed = VersionVector.read(in);
    CommittedState state =
        new CommittedState(
            applied, absorbed, in.readVarint(), in.readLong(), in.readLong(), Proposers.read(in));
    in.requireEnd();
    return state;
  }

  byte[] encode() {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeVarint(applied.index());
    out.writeVarint(applied.term());
    applied.configuration().write(out);
    absorbed.write(out);
    out.writeVarint(millis);
    out.writeLong(latest);
    out.writeLong(hash);
    proposers.write(out);
    return out.toByteArray();
  }

  AppliedPoint applied() {
    return applied;
  }

  void onApplied(AppliedPoint point) {
    applied = point;
  }

  /** Per origin the last update that was absorbed. */
  VersionVector absorbed() {
    return absorbed;
  }

  void onAbsorbed(Dot dot) {
    absorbed = absorbed.raisedTo(dot);
  }

  /** Ledger time, in milliseconds since 1970: what expiry is judged by. */
  long millis() {
    return millis;
  }

  void onMillis(long reached) {
    millis = Math.max(millis, reached);
  }

  /** The greatest timestamp of a version that was ever committed. */
  long latest() {
    return latest;
  }

  void onTimestamp(long timestamp) {
    latest = Math.max(latest, timestamp);
  }

  /** Equal on all replicas that have applied the same entries. */
  long hash() {
    return hash;
  }

  void onHash(long next) {
    hash = next;
  }
}
