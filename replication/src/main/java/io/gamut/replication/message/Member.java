package io.gamut.replication.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import java.nio.charset.StandardCharsets;

/**
 * One row of the member table: a server that belongs to the cluster, or did.
 *
 * @param address where its overlay listens, {@code host:port}
 * @param stamp of the hybrid clock when this row was written: the later row of a node wins
 * @param incarnation of the disk that the row speaks of: what is said of a server's old disk does
 *     not hit it with its new one. {@link #ANY_DISK} from a release that did not say
 */
public record Member(NodeId node, String address, Standing standing, long stamp, long incarnation) {
  /** The row speaks of the server, whatever its disk. */
  public static final long ANY_DISK = 0;

  private static final int ADDRESS_BYTES_MAX = 512;

  /** Added to the code of the standing where the disk is named. */
  private static final int NAMES_DISK = 2;

  /** A row that names no disk. */
  public Member(NodeId node, String address, Standing standing, long stamp) {
    this(node, address, standing, stamp, ANY_DISK);
  }

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

  /** Whether the row speaks of a server with this disk, as far as it says. */
  public boolean speaksOf(Participant disk) {
    boolean isOfDisk = incarnation == ANY_DISK || incarnation == disk.incarnation();
    return isOfDisk && node.equals(disk.node());
  }

  void write(BinaryWriter out) {
    node.write(out);
    out.writeBytes(address.getBytes(StandardCharsets.UTF_8));
    boolean namesDisk = incarnation != ANY_DISK;
    out.writeByte(namesDisk ? standing.code + NAMES_DISK : standing.code);
    out.writeLong(stamp);
    if (namesDisk) {
      out.writeLong(incarnation);
    }
  }

  static Member read(BinaryReader in) {
    NodeId node = NodeId.read(in);
    String address = new String(in.readBytes(ADDRESS_BYTES_MAX), StandardCharsets.UTF_8);
    int code = in.readByte();
    boolean namesDisk = code > NAMES_DISK;
    Standing standing = Standing.of(namesDisk ? code - NAMES_DISK : code);
    long stamp = in.readLong();
    long incarnation = namesDisk ? in.readLong() : ANY_DISK;
    if (namesDisk && incarnation == ANY_DISK) {
      throw new InvalidDataException("a member's disk is named by a number other than " + ANY_DISK);
    }
    return new Member(node, address, standing, stamp, incarnation);
  }
}
