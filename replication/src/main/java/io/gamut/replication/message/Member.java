package io.gamut.replication.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import java.nio.charset.StandardCharsets;

/**
 * One row of the member table: a server that belongs to the cluster, or did.
 *
 * @param address where its overlay listens, {@code host:port}
 * @param stamp of the hybrid clock when this row was written: the later row of a node wins
 */
public record Member(NodeId node, String address, Standing standing, long stamp) {
  private static final int ADDRESS_BYTES_MAX = 512;

  /** Whether a server belongs to the cluster. */
  public enum Standing {
    /** It does, even while it is down: what it lacks is kept for it. */
    ACTIVE(1),
    /** It left in order: nobody waits for it any more. */
    LEFT(2);

    final int code;

    Standing(int code) {
      this.code = code;
    }

    private static Standing of(int code) {
      return switch (code) {
        case 1 -> ACTIVE;
        case 2 -> LEFT;
        default ->
            throw new InvalidDataException("standing " + code + " of a member is not known here");
      };
    }
  }

  public boolean isActive() {
    return standing == Standing.ACTIVE;
  }

  void write(BinaryWriter out) {
    node.write(out);
    out.writeBytes(address.getBytes(StandardCharsets.UTF_8));
    out.writeByte(standing.code);
    out.writeLong(stamp);
  }

  static Member read(BinaryReader in) {
    NodeId node = NodeId.read(in);
    String address = new String(in.readBytes(ADDRESS_BYTES_MAX), StandardCharsets.UTF_8);
    Standing standing = Standing.of(in.readByte());
    return new Member(node, address, standing, in.readLong());
  }
}
