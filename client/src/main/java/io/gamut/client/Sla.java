package io.gamut.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a read should be at best, and what it may be instead: ordered alternatives, each a level and
 * the time in which it is worth having. "Linearizable within 20 ms, else session, else at most 2 s
 * old":
 *
 * {@snippet file="io/gamut/client/ExamplesTest.java" region="sla"}
 *
 * <p>The idea is Pileus's (Terry et al., "Consistency-Based Service Level Agreements for Cloud
 * Storage", SOSP 2013, section 3); the choosing is simpler. Pileus weighs utilities by predictions
 * of each server; here alternatives are tried in their order, each for its own time from when it is
 * begun, and the deadline of the handle bounds them together. Instead of predicting, the client
 * remembers: an alternative that was missed {@value SlaMonitor#MISSES_MAX} times in a row is put
 * behind the others, but for one call every {@value SlaMonitor#PROBE_MILLIS} ms that finds out
 * whether it can be had again.
 *
 * <p>Only of commands that are reads: a write that was not answered in time may have been carried
 * out, and must not be made again at another level.
 *
 * <p>Immutable.
 */
public record Sla(List<Alternative> alternatives) {
  /**
   * A level, and the time in which it is worth having.
   *
   * @param within at least a millisecond; it counts from when this alternative is begun
   */
  public record Alternative(Level level, Duration within) {
    public Alternative {
      if (within.toMillis() < 1) {
        throw new IllegalArgumentException("within at least 1 ms, not " + within);
      }
    }
  }

  /** For an alternative that is worth having until the handle's deadline. */
  private static final Duration ANY_TIME = Duration.ofDays(1);

  public Sla {
    alternatives = List.copyOf(alternatives);
    if (alternatives.isEmpty()) {
      throw new IllegalArgumentException("an SLA has at least one alternative");
    }
  }

  public static Sla first(Level level, Duration within) {
    return new Sla(List.of(new Alternative(level, within)));
  }

  public Sla orElse(Level level, Duration within) {
    List<Alternative> more = new ArrayList<>(alternatives);
    more.add(new Alternative(level, within));
    return new Sla(more);
  }

  /** At any time up to the handle's deadline. */
  public Sla orElse(Level level) {
    return orElse(level, ANY_TIME);
  }
}
