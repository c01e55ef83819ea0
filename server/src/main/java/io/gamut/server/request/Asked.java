package io.gamut.server.request;

import io.gamut.core.Consistency;
import io.gamut.core.Session;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a data request is to be answered.
 *
 * @param number of the request on its connection: answers may become known in another order
 * @param boundNanos how old the state may be that a read at {@link Consistency#BOUNDED} is answered
 *     from
 * @param waitMillis how long it may wait for what its session depends on
 * @param session that it belongs to
 * @param isAlone whether the session is this request's alone: its receipt then has all of it
 * @param said by the client; null where nobody asks for that later
 */
public record Asked(
    long number,
    Consistency level,
    long boundNanos,
    int waitMillis,
    Session session,
    boolean isAlone,
    @Nullable Said said) {
  /** How old the state may be at {@link Consistency#BOUNDED} unless the client says. */
  public static final int BOUND_MILLIS_DEFAULT = 1_000;

  /** The ledger may have to elect a leader first; what is given up sooner has no known outcome. */
  private static final int STRONG_WAIT_MILLIS_MIN = 5_000;

  /** One of which nobody asks later what was said. */
  public Asked(
      long number,
      Consistency level,
      long boundNanos,
      int waitMillis,
      Session session,
      boolean isAlone) {
    this(number, level, boundNanos, waitMillis, session, isAlone, null);
  }

  /** The same, of what reads and modifies: that is done by the ledger, whatever was asked for. */
  public Asked strong() {
    return level.isWeak() ? at(Consistency.LINEARIZABLE) : this;
  }

  /** Until when it may wait if it comes now. */
  public long deadlineNanos() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis());
  }

  /** The same at another level. */
  public Asked at(Consistency other) {
    return new Asked(number, other, boundNanos, waitMillis, session, isAlone, said);
  }

  /** How long it may wait. */
  public int patienceMillis() {
    return level.isWeak() ? waitMillis : Math.max(waitMillis, STRONG_WAIT_MILLIS_MIN);
  }
}
