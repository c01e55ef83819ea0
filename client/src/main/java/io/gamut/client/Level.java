package io.gamut.client;

import io.gamut.core.Consistency;
import io.gamut.core.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The consistency that a request asks for, and never gets less of.
 *
 * <p>{@link #session}, {@link #causal} and {@link #sequential} promise something about the history
 * of a {@link Session}. A call that was given none is a history of its own, and what it is promised
 * is little: name a session where the order of calls matters.
 *
 * @param bound how old a state may be read, only at {@link Consistency#BOUNDED}
 */
public record Level(Consistency consistency, @Nullable Duration bound) {
  private static final Level EVENTUAL = new Level(Consistency.EVENTUAL, null);
  private static final Level SESSION = new Level(Consistency.SESSION, null);
  private static final Level CAUSAL = new Level(Consistency.CAUSAL, null);
  private static final Level SEQUENTIAL = new Level(Consistency.SEQUENTIAL, null);
  private static final Level LINEARIZABLE = new Level(Consistency.LINEARIZABLE, null);

  public Level {
    if ((consistency == Consistency.BOUNDED) != (bound != null)) {
      throw new IllegalArgumentException("level " + consistency + " with bound " + bound);
    }
    if (bound != null
        && (bound.isNegative() || bound.compareTo(Duration.ofMillis(Limits.WAIT_MILLIS_MAX)) > 0)) {
      throw new IllegalArgumentException(
          "a bound is 0 to " + Limits.WAIT_MILLIS_MAX + " ms, not " + bound);
    }
  }

  /** One replica's view, at once. A write is durable on one replica when it is answered. */
  public static Level eventual() {
    return EVENTUAL;
  }

  /** Per key, nothing older than the session wrote or read. */
  public static Level session() {
    return SESSION;
  }

  /** A view that holds everything that the session's history depends on. */
  public static Level causal() {
    return CAUSAL;
  }

  /** One order of all writes for everybody, never behind what the session has seen of it. */
  public static Level sequential() {
    return SEQUENTIAL;
  }

  /**
   * Committed state of at most this age; writes are as at {@link #linearizable}.
   *
   * @param bound 0 to 10 minutes; parts of a millisecond do not count
   */
  public static Level bounded(Duration bound) {
    return new Level(Consistency.BOUNDED, bound);
  }

  /** The latest committed value. */
  public static Level linearizable() {
    return LINEARIZABLE;
  }

  /** As it is said to a server. */
  byte[] word() {
    String word = bound == null ? consistency.toString() : consistency + ":" + bound.toMillis();
    return word.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return bound == null ? consistency.toString() : consistency + "(" + bound.toMillis() + " ms)";
  }
}
