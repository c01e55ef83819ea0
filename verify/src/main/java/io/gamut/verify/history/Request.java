package io.gamut.verify.history;

import io.gamut.core.Consistency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for at once, and what it was told. All steps take effect together or none.
 *
 * @param number names it in its history
 * @param session requests of one session do not overlap
 * @param level asked for
 * @param boundNanos of a bounded request, how old its state may be; else 0
 * @param invoked when the client sent it, in nanoseconds of one monotonic clock for all sessions
 * @param responded when the client had the answer, or gave up waiting; later than {@code invoked}
 * @param receipt null if the reply said nothing, or there was none
 */
public record Request(
    long number,
    int session,
    Consistency level,
    long boundNanos,
    List<Step> steps,
    Outcome outcome,
    long invoked,
    long responded,
    @Nullable Receipt receipt) {
  public Request {
    if (responded <= invoked) {
      throw new IllegalArgumentException("request " + number + " responds before it is invoked");
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("request " + number + " has no steps");
    }
    steps = List.copyOf(steps);
  }

  /** Whether nothing in it changes anything. */
  public boolean isRead() {
    return steps.stream().allMatch(step -> step.kind().isRead());
  }

  public boolean isOk() {
    return outcome == Outcome.OK;
  }

  /** Whether its level is this one or a stronger one. */
  public boolean isAtLeast(Consistency least) {
    return level.compareTo(least) >= 0;
  }

  /** By its number alone, which is enough within a history. */
  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }
}
