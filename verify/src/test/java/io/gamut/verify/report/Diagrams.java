package io.gamut.verify.report;

import io.gamut.core.Consistency;
import io.gamut.verify.check.Causality;
import io.gamut.verify.check.Linearizability;
import io.gamut.verify.check.PlantedViolations;
import io.gamut.verify.check.Serializability;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small histories that are worth a picture. */
final class Diagrams {
  static final String HOSTILE =
      "</text><script>alert('\"&')</script>\u0000\u001b[31m\u202e\ud800\r\n";

  private static final long MILLI = 1_000_000;

  private final List<Request> requests = new ArrayList<>();

  private Diagrams() {}

  private Diagrams add(
      int session, long from, long to, Outcome outcome, int replica, Step... steps) {
    Consistency level = Consistency.LINEARIZABLE;
    requests.add(
        new Request(
            requests.size(),
            session,
            level,
            0,
            List.of(steps),
            outcome,
            from * MILLI,
            to * MILLI,
            outcome == Outcome.OK ? new Receipt(level, replica, Receipt.AGE_UNKNOWN) : null));
    return this;
  }

  private static Step step(Kind kind, String key, String value, long version) {
    return PlantedViolations.step(kind, key, value, version);
  }

  /** A read at a replica that has missed the last write. */
  static SpaceTimeDiagram staleRead() {
    Diagrams all =
        new Diagrams()
            .add(0, 0, 4, Outcome.OK, 1, step(Kind.WRITE, "k", "a", 0))
            .add(1, 6, 9, Outcome.OK, 2, step(Kind.WRITE, "k", "b", 0))
            .add(0, 7, 30, Outcome.UNKNOWN, -1, step(Kind.WRITE, "k", "c", 0))
            .add(2, 2012, 2015, Outcome.OK, 3, step(Kind.READ, "k", "a", 0));
    History history =
        new History(all.requests, List.of(new Event(8 * MILLI, "cut", "3")), Map.of());
    return of(history, Linearizability.check(history, 1L << 20));
  }

  /** An effect that is seen before its cause, through three sessions. */
  static SpaceTimeDiagram lostCause() {
    Diagrams all =
        new Diagrams()
            .add(0, 10, 15, Outcome.OK, -1, step(Kind.WRITE, "x", "old", 10))
            .add(0, 20, 25, Outcome.OK, -1, step(Kind.WRITE, "x", "new", 20))
            .add(0, 30, 35, Outcome.OK, -1, step(Kind.WRITE, "y", "1", 30))
            .add(1, 40, 45, Outcome.OK, -1, step(Kind.READ, "y", "1", 30))
            .add(1, 50, 55, Outcome.OK, -1, step(Kind.WRITE, "z", "1", 50))
            .add(2, 60, 65, Outcome.OK, -1, step(Kind.READ, "z", "1", 50))
            .add(2, 70, 75, Outcome.OK, -1, step(Kind.READ, "x", "old", 10));
    History history = new History(all.requests);
    return of(history, Causality.check(history));
  }

  /** A transaction that saw half of another one. */
  static SpaceTimeDiagram halfRead() {
    Diagrams all =
        new Diagrams()
            .add(
                0,
                0,
                5,
                Outcome.OK,
                1,
                step(Kind.WRITE, "x", "1", 10),
                step(Kind.WRITE, "y", "1", 10))
            .add(
                1,
                8,
                20,
                Outcome.OK,
                1,
                step(Kind.WRITE, "x", "2", 20),
                step(Kind.WRITE, "y", "2", 20))
            .add(
                2,
                9,
                19,
                Outcome.OK,
                2,
                step(Kind.READ, "x", "1", 10),
                step(Kind.READ, "y", "2", 20));
    History history = new History(all.requests);
    return of(history, Serializability.check(history, 1L << 20));
  }

  /** Keys and values that are markup, and steer terminals. */
  static SpaceTimeDiagram hostile() {
    Diagrams all = new Diagrams().add(0, 0, 4, Outcome.OK, 1, step(Kind.READ, HOSTILE, HOSTILE, 0));
    History history =
        new History(all.requests, List.of(new Event(MILLI, HOSTILE, HOSTILE)), Map.of());
    return of(history, Linearizability.check(history, 1L << 20));
  }

  static SpaceTimeDiagram of(History history, Verdict verdict) {
    if (!(verdict instanceof Verdict.Violated violated)) {
      throw new AssertionError("not violated: " + verdict);
    }
    return SpaceTimeDiagram.of(history, violated.violations().getFirst());
  }
}
