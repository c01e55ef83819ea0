package io.gamut.core;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replica answers to one request for one key. */
public sealed interface Reply {
  /** A weak write is durable and visible where it was made. */
  record Written(Version version, Dot dot, boolean replacedValue) implements Reply {}

  /**
   * What is shown at the keys that were asked for, at one moment; {@code null} for one that never
   * held anything.
   *
   * @param index how far the ledger was applied
   * @param ageNanos how old the state may be at most; {@link #AGE_LATEST} of one that was the
   *     latest when the read was asked for, and of no other; {@link #AGE_UNKNOWN} if nothing says
   *     so
   */
  record Read(List<@Nullable Pair> pairs, long index, long ageNanos) implements Reply {
    public static final long AGE_UNKNOWN = -1;
    public static final long AGE_LATEST = 0;

    /** What the view shows at a single key. */
    public Read(@Nullable Pair pair, long index) {
      this(Collections.singletonList(pair), index, AGE_UNKNOWN);
    }

    /** What is shown at the first key. */
    public @Nullable Pair pair() {
      return pairs.getFirst();
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
