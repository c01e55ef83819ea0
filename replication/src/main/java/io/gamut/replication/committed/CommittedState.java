package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What the committed state holds beside its rows. Every replica that has applied the same entries
 * has the same.
 */
final class CommittedState {
  private static final int FORMAT = 2;

  /** Had no horizon, and no disks that are gone. */
  private static final int FORMAT_1 = 1;

  private AppliedPoint applied;
  private VersionVector absorbed;
  private long millis;
  private long latest;
  private long hash;
  final Proposers proposers;
  private Version cleared = Version.NONE;
  private long floor;
  private long newestDeletion;
  private long discarded;
  private GoneDisks gone = new GoneDisks();

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
    if (format != FORMAT && format != FORMAT_1) {
      throw new InvalidDataException("committed state of format " + format + ", not " + FORMAT);
    }
    AppliedPoint applied =
        new AppliedPoint(in.readVarint(), in.readVarint(), Configuration.read(in));
    VersionVector absorbed = VersionVector.read(in);
    CommittedState state =
        new CommittedState(
            applied, absorbed, in.readVarint(), in.readLong(), in.readLong(), Proposers.read(in));
    if (format == FORMAT) {
      state.readRest(in);
    }
    in.requireEnd();
    return state;
  }

  private void readRest(BinaryReader in) {
    cleared = OperationCodec.readVersion(in);
    floor = in.readLong();
    newestDeletion = in.readLong();
    discarded = in.readVarint();
    gone = GoneDisks.read(in);
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
    OperationCodec.writeVersion(cleared, out);
    out.writeLong(floor);
    out.writeLong(newestDeletion);
    out.writeVarint(discarded);
    gone.write(out);
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

  /** What is hidden, and what stands for it. */
  Horizon horizon() {
    return new Horizon(cleared, floor, millis);
  }

  void onCleared(Version version) {
    cleared = version;
  }

  /** Timestamp up to which tombstones are collected. */
  long floor() {
    return floor;
  }

  void onFloor(long raised) {
    floor = raised;
  }

  /** The greatest timestamp of a tombstone, or of a value that expires. */
  long newestDeletion() {
    return newestDeletion;
  }

  void onDeletion(long timestamp) {
    newestDeletion = Math.max(newestDeletion, timestamp);
  }

  /** Updates that came below the floor to keys without a row. */
  long discarded() {
    return discarded;
  }

  void onDiscarded() {
    discarded++;
  }

  GoneDisks gone() {
    return gone;
  }

  /** Equal on all replicas that have applied the same entries. */
  long hash() {
    return hash;
  }

  void onHash(long next) {
    hash = next;
  }
}
