package io.gamut.ledger.log;

import java.util.Arrays;
import java.util.List;

/**
 * One entry of the ledger.
 *
 * @param index its place, from 1
 * @param term of the leader that wrote it
 */
public record Entry(long index, long term, Body body) {
  private static final int OVERHEAD_BYTES = 24;

  /** What an entry says. */
  public sealed interface Body {}

  /** Something for the state machine. The array is not copied: read only. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  public record Command(byte[] bytes) implements Body {
    @Override
    public boolean equals(Object other) {
      return other instanceof Command command && Arrays.equals(bytes, command.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return bytes.length + " bytes";
    }
  }

  /** Who takes part from here on: in force as soon as it stands in the log. */
  public record Reconfigured(Configuration configuration) implements Body {}

  /** Nothing: the first entry of each leader, so that it has one of its own term to commit. */
  public enum NoOp implements Body {
    NO_OP
  }

  /** Roughly the bytes it takes in memory and on the wire, for budgets. */
  public int size() {
    return switch (body) {
      case Command(byte[] bytes) -> OVERHEAD_BYTES + bytes.length;
      case Reconfigured(Configuration configuration) ->
          OVERHEAD_BYTES + 16 * configuration.everyone().size();
      case NoOp.NO_OP -> OVERHEAD_BYTES;
    };
  }

  /** The same of several. */
  public static long size(List<Entry> entries) {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.size();
    }
    return bytes;
  }
}
