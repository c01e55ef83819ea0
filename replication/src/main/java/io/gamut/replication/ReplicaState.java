package io.gamut.replication;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.MemberTable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint keeps beside the store, so that the journal before it is not needed any more.
 *
 * @param barrier closes the gaps in what was received, or in {@code solid} while catching up
 * @param awaited empty unless the replica is catching up over gaps (see {@link CatchUp})
 * @param solid what is not provisional while it is; empty when it is not
 * @param clockBound no stamp above this one was given before the checkpoint
 * @param peerBoots the latest lives of other servers that were heard
 * @param fences per incarnation of a lost disk, how often its origins must have been closed before
 *     more of them is taken (see {@link Fence})
 * @param dismissed up to where no configuration of the ledger counts (see {@link Dismissal})
 */
public record ReplicaState(
    Origin origin,
    VersionVector received,
    VersionVector visible,
    VersionVector barrier,
    VersionVector awaited,
    VersionVector solid,
    long clockBound,
    MemberTable members,
    Map<NodeId, Long> peerBoots,
    Map<Long, Long> fences,
    long dismissed) {
  private static final int FORMAT = 4;

  /** Knew of no dismissal. */
  private static final int FORMAT_3 = 3;

  /** Had no fences. */
  private static final int FORMAT_2 = 2;

  /** Had no vectors for catching up, and no lives of others. */
  private static final int FORMAT_1 = 1;

  public ReplicaState {
    peerBoots = Collections.unmodifiableMap(new TreeMap<>(peerBoots));
    fences = Collections.unmodifiableMap(new TreeMap<>(fences));
  }

  /** The state of a replica that has never written or received anything. */
  public static ReplicaState initial(Origin origin) {
    VersionVector nothing = VersionVector.EMPTY;
    return new ReplicaState(
        origin,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        0,
        MemberTable.EMPTY,
        Map.of(),
        Map.of(),
        0);
  }

  public byte[] encode() {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeOrigin(origin);
    received.write(out);
    visible.write(out);
    barrier.write(out);
    awaited.write(out);
    solid.write(out);
    out.writeLong(clockBound);
    members.write(out);
    out.writeVarint(peerBoots.size());
    peerBoots.forEach((node, boot) -> {
      node.write(out);
      out.writeLong(boot);
    });
    out.writeVarint(fences.size());
    fences.forEach((incarnation, round) -> {
      out.writeLong(incarnation);
      out.writeVarint(round);
    });
    out.writeVarint(dismissed);
    return out.toByteArray();
  }

  /** Throws {@link InvalidDataException} on anything that {@link #encode} never wrote. */
  public static ReplicaState decode(BinaryReader in) {
    int format = in.readByte();
    return switch (format) {
      case FORMAT, FORMAT_3, FORMAT_2 -> read(in, format);
      case FORMAT_1 -> readFormat1(in);
      default ->
          throw new InvalidDataException(
              "replica state of format " + format + " is not known here");
    };
  }

  private static ReplicaState read(BinaryReader in, int format) {
    return new ReplicaState(
        in.readOrigin(),
        VersionVector.read(in),
        VersionVector.read(in),
        VersionVector.read(in),
        VersionVector.read(in),
        VersionVector.read(in),
        in.readLong(),
        MemberTable.read(in),
        readBoots(in),
        format > FORMAT_2 ? readFences(in) : Map.of(),
        format > FORMAT_3 ? in.readVarint() : 0);
  }

  private static Map<Long, Long> readFences(BinaryReader in) {
    Map<Long, Long> fences = new TreeMap<>();
    for (int left = in.readCount(Limits.ORIGINS_MAX, "fences"); left > 0; left--) {
      fences.put(in.readLong(), in.readVarint());
    }
    return fences;
  }

  private static Map<NodeId, Long> readBoots(BinaryReader in) {
    Map<NodeId, Long> boots = new TreeMap<>();
    for (int left = in.readCount(NodeId.VALUE_MAX + 1, "servers"); left > 0; left--) {
      boots.put(NodeId.read(in), in.readLong());
    }
    return boots;
  }

  /** What the replica itself showed closed the gaps then, beside the barrier that it waited for. */
  private static ReplicaState readFormat1(BinaryReader in) {
    Origin origin = in.readOrigin();
    VersionVector received = VersionVector.read(in);
    VersionVector visible = VersionVector.read(in);
    VersionVector barrier = VersionVector.read(in);
    boolean isCatchingUp = !received.covers(barrier);
    return new ReplicaState(
        origin,
        received,
        visible,
        isCatchingUp ? visible : visible.join(barrier),
        isCatchingUp ? barrier : VersionVector.EMPTY,
        isCatchingUp ? visible : VersionVector.EMPTY,
        in.readLong(),
        MemberTable.read(in),
        Map.of(),
        Map.of(),
        0);
  }
}
