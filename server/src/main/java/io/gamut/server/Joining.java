package io.gamut.server;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.replication.message.MemberTable;

/**
 * What a member tells a newcomer: the cluster's secret and its members.
 *
 * <p>The network between nodes is trusted (see the overlay), so the secret travels in the clear.
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Joining(byte[] secret, MemberTable members) {
  private static final int FORMAT = 1;
  private static final int SECRET_BYTES_MAX = 64;

  public byte[] encode() {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeBytes(secret);
    members.write(out);
    return out.toByteArray();
  }

  public static Joining decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("join answer of format " + format);
    }
    return new Joining(in.readBytes(SECRET_BYTES_MAX), MemberTable.read(in));
  }
}
