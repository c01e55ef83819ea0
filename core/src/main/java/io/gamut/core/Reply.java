package io.gamut.core;

import org.jspecify.annotations.Nullable;

/** What a replica answers to one request for one key. */
public sealed interface Reply {
  /** A weak write is durable and visible where it was made. */
  record Written(Version version, Dot dot, boolean replacedValue) implements Reply {}

  /**
   * What the view shows at a key; a {@code null} pair where it never held anything.
   *
   * @param index how far the ledger was applied
   * @param ageNanos how old the state may be at most; {@link #AGE_UNKNOWN} if nothing says so
   */
  record Read(@Nullable Pair pair, long index, long ageNanos) implements Reply {
    public static final long AGE_UNKNOWN = -1;

    public Read(@Nullable Pair pair, long index) {
      this(pair, index, AGE_UNKNOWN);
    }
  }

  /**
   * A strong operation was applied.
   *
   * @param index how far the ledger was applied then
   */
  record Executed(OperationResult result, long index) implements Reply {}

  /** Nothing was read or written, and why. */
  record Failed(ErrorCode code, String message) implements Reply {}

  /** The server leaves or stops in order. */
  record Done() implements Reply {}
}
