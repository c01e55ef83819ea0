package io.gamut.ledger.log;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.NodeId;

/**
 * Who takes part in the ledger: a server with one particular disk.
 *
 * <p>A server that comes back with an empty disk has forgotten its votes and what it acknowledged.
 * It must not be taken for the voter it was, so it comes back as another participant.
 *
 * @param incarnation drawn at random when the disk was first used
 */
public record Participant(NodeId node, long incarnation) implements Comparable<Participant> {
  @Override
  public int compareTo(Participant other) {
    int byNode = node.compareTo(other.node);
    return byNode != 0 ? byNode : Long.compare(incarnation, other.incarnation);
  }

  public void write(BinaryWriter out) {
    node.write(out);
    out.writeLong(incarnation);
  }

  public static Participant read(BinaryReader in) {
    return new Participant(NodeId.read(in), in.readLong());
  }

  @Override
  public String toString() {
    return node + "#" + Long.toHexString(incarnation & 0xFFFF);
  }
}
