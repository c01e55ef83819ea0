package io.gamut.core;

/**
 * The name of a node within its cluster: of a server, given by its operator, 0 to 49,151; or of a
 * gateway, which draws its own, 49,152 to 65,535.
 *
 * <p>A server's name outlives a disk: one that comes back with an empty disk keeps its {@code
 * NodeId} but stamps under a new {@link Origin}. A gateway's name is that of one life.
 */
public record NodeId(int value) implements Comparable<NodeId> {
  public static final int VALUE_MAX = 0xFFFF;

  /** The greatest name of a server; those above are gateways'. */
  public static final int SERVER_MAX = 0xBFFF;

  public NodeId {
    if (value < 0 || value > VALUE_MAX) {
      throw new IllegalArgumentException(
          "a node id is a whole number from 0 to " + VALUE_MAX + ", not " + value);
    }
  }

  /** A gateway's name, drawn from random bits. */
  public static NodeId ofGateway(int bits) {
    return new NodeId(SERVER_MAX + 1 + (bits & (VALUE_MAX - SERVER_MAX - 1)));
  }

  /** Whether it names a gateway: a node that holds no data, and that nothing is relayed by. */
  public boolean isGateway() {
    return value > SERVER_MAX;
  }

  public boolean isServer() {
    return !isGateway();
  }

  public void write(BinaryWriter out) {
    out.writeVarint(value);
  }

  /** Throws {@link InvalidDataException} on a number that names no server. */
  public static NodeId read(BinaryReader in) {
    int value = in.readInt();
    if (value > VALUE_MAX) {
      throw new InvalidDataException("node id " + value + " is above " + VALUE_MAX);
    }
    return new NodeId(value);
  }

  @Override
  public int compareTo(NodeId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
