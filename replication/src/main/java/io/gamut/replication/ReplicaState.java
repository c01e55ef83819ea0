package io.gamut.replication;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.MemberTable;

/**
 * What a checkpoint keeps beside the store, so that the journal before it is not needed any more.
 *
 * @param clockBound no stamp above this one was given before the checkpoint
 */
public record ReplicaState(
    Origin origin,
    VersionVector received,
    VersionVector visible,
    VersionVector barrier,
    long clockBound,
    MemberTable members) {
  private static final int FORMAT = 1;

  /** The state of a replica that has never written or received anything. */
  public static ReplicaState initial(Origin origin) {
    return new ReplicaState(
        origin,
        VersionVector.EMPTY,
        VersionVector.EMPTY,
        VersionVector.EMPTY,
        0,
        MemberTable.EMPTY);
  }

  public byte[] encode() {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeOrigin(origin);
    received.write(out);
    visible.write(out);
    barrier.write(out);
    out.writeLong(clockBound);
    members.write(out);
    return out.toByteArray();
  }

  /** Throws {@link InvalidDataException} on anything that {@link #encode} never wrote. */
  public static ReplicaState decode(BinaryReader in) {
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("replica state of format " + format + " is not known here");
    }
    return new ReplicaState(
        in.readOrigin(),
        VersionVector.read(in),
        VersionVector.read(in),
        VersionVector.read(in),
        in.readLong(),
        MemberTable.read(in));
  }
}
