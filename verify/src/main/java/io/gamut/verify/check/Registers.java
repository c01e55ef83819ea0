package io.gamut.verify.check;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What registers hold, by their numbers; null for absent. Immutable: of two that differ in one
 * register, one shares all but a path of a binary tree with the other. So a search can remember
 * many, and compare them fast.
 */
final class Registers {
  private static final int NODE_BYTES = 24;

  private final int depth;
  private final @Nullable Object root;

  private Registers(int depth, @Nullable Object root) {
    this.depth = depth;
    this.root = root;
  }

  /** A part of the tree; null where all registers are absent. Leaves are the values. */
  private static final class Node {
    final @Nullable Object low;
    final @Nullable Object high;
    final int hash;

    Node(@Nullable Object low, @Nullable Object high) {
      this.low = low;
      this.high = high;
      hash = 31 * Objects.hashCode(low) + Objects.hashCode(high) + 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof Node node
              && hash == node.hash
              && Objects.equals(low, node.low)
              && Objects.equals(high, node.high));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** So many, all absent. */
  static Registers absent(int count) {
    return new Registers(Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, count - 1)), null);
  }

  @Nullable String get(int number) {
    Object at = root;
    for (int level = depth - 1; level >= 0 && at != null; level--) {
      Node node = (Node) at;
      at = (number >>> level & 1) == 0 ? node.low : node.high;
    }
    return (String) at;
  }

  /** The same, but that one holds this value. */
  Registers with(int number, @Nullable String value) {
    return new Registers(depth, with(root, depth - 1, number, value));
  }

  private static @Nullable Object with(
      @Nullable Object at, int level, int number, @Nullable String value) {
    if (level < 0) {
      return value;
    }
    Node node = (Node) at;
    Object low = node == null ? null : node.low;
    Object high = node == null ? null : node.high;
    if ((number >>> level & 1) == 0) {
      low = with(low, level - 1, number, value);
    } else {
      high = with(high, level - 1, number, value);
    }
    return low == null && high == null ? null : new Node(low, high);
  }

  /** How much of one is not shared with another that differs in one register. */
  int bytesOfChange() {
    return NODE_BYTES * (depth + 1);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Registers registers && Objects.equals(root, registers.root);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(root);
  }
}
