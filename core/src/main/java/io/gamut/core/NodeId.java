package io.gamut.core;

/**
 * The name of a server within its cluster, given by its operator; 0 to 65,535.
 *
 * <p>A name outlives a disk: a server that comes back with an empty disk keeps its {@code NodeId}
 * but stamps under a new {@link Origin}.
 */
public record NodeId(int value) implements Comparable<NodeId> {
  public static final int VALUE_MAX = 0xFFFF;

  public NodeId {
    if (value < 0 || value > VALUE_MAX) {
      throw new IllegalArgumentException(
          "a node id is a whole number from 0 to " + VALUE_MAX + ", not " + value);
    }
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
