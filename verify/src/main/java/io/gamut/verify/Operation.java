package io.gamut.verify;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One operation on one key, as the client has seen it.
 *
 * @param session operations of one session do not overlap
 * @param value of a read, what it returned, null for absent; of a write, what was to be written; of
 *     an increment, the sum that it returned, null if that is not known; of a delete null
 * @param outcome of a read that brought no answer anything but {@link Outcome#OK}
 * @param invoked when the client sent it, in nanoseconds of one clock for all sessions
 * @param responded when the client had the answer, later than {@code invoked}
 * @param version from the receipt: of what was read or written; null if there was none
 * @param ageNanos how old, by the receipt, the state may have been that a read was answered from;
 *     {@link #AGE_UNKNOWN} if it does not say
 */
public record Operation(
    int session,
    Consistency level,
    Kind kind,
    String key,
    @Nullable String value,
    Outcome outcome,
    long invoked,
    long responded,
    @Nullable Version version,
    long ageNanos) {
  public static final long AGE_UNKNOWN = -1;

  private static final double NANOS_PER_MILLI = 1e6;

  /** What was asked for. */
  public enum Kind {
    READ,
    WRITE,
    DELETE,
    /** Adds one; an absent key counts as 0. */
    INCREMENT
  }

  /** What has become of it. */
  public enum Outcome {
    OK,
    /** It had no effect and never will. */
    FAILED,
    /** It may have had its effect, or have it later, or never. */
    UNKNOWN
  }

  public Operation {
    if (responded <= invoked) {
      throw new IllegalArgumentException("an operation responds after it is invoked");
    }
  }

  boolean isRead() {
    return kind == Kind.READ;
  }

  boolean isOk() {
    return outcome == Outcome.OK;
  }

  /** Whether its level is this one or a stronger one. */
  boolean isAtLeast(Consistency least) {
    return level.compareTo(least) >= 0;
  }

  @Override
  public String toString() {
    String what = kind.name().toLowerCase(Locale.ROOT);
    return "session %d %s %s %s %s, %s, version %s, %.3f to %.3f ms"
        .formatted(
            session,
            level,
            what,
            key,
            value == null ? "(absent)" : value,
            outcome.name().toLowerCase(Locale.ROOT),
            version,
            invoked / NANOS_PER_MILLI,
            responded / NANOS_PER_MILLI);
  }
}
