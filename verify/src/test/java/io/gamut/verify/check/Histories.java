package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds histories by hand: each line an operation, of linearizable level unless told otherwise.
 */
final class Histories {
  private final List<Request> requests = new ArrayList<>();
  private Consistency level = Consistency.LINEARIZABLE;
  private Outcome outcome = Outcome.OK;
  private long ageNanos = Receipt.AGE_UNKNOWN;
  private long boundNanos;
  private String key = "k";

  /** The next operations are of this level. */
  Histories at(Consistency next) {
    level = next;
    return this;
  }

  /** The next operations are on this key. */
  Histories on(String next) {
    key = next;
    return this;
  }

  /** The next operations have this outcome. */
  Histories with(Outcome next) {
    outcome = next;
    return this;
  }

  /** The next reads were answered from a state of at most this age. */
  Histories ofAge(long nanos) {
    ageNanos = nanos;
    return this;
  }

  /** The next reads ask for a state of at most this age. */
  Histories within(long nanos) {
    boundNanos = nanos;
    return this;
  }

  /** A compare-and-set that succeeded. */
  Histories swap(
      int session, @Nullable String expected, @Nullable String value, long from, long to) {
    return add(session, from, to, new Step(Kind.COMPARE_AND_SET, key, value, expected, null, 0));
  }

  /** A compare-and-set that did not succeed. */
  Histories mismatch(int session, @Nullable String expected, long from, long to) {
    return add(session, from, to, new Step(Kind.MISMATCH, key, null, expected, null, 0));
  }

  /** A session reads {@code value}, null for absent. */
  Histories read(int session, @Nullable String value, long from, long to) {
    return add(Kind.READ, session, value, from, to, 0);
  }

  Histories write(int session, String value, long from, long to) {
    return add(Kind.WRITE, session, value, from, to, 0);
  }

  Histories delete(int session, long from, long to) {
    return add(Kind.DELETE, session, null, from, to, 0);
  }

  Histories increment(int session, @Nullable String sum, long from, long to) {
    return add(Kind.ADD, session, sum, from, to, 0);
  }

  Histories append(int session, String element, long from, long to) {
    return add(session, from, to, new Step(Kind.APPEND, key, null, element, null, 0));
  }

  /** One with a version; 0 for none. */
  Histories add(
      Kind kind, int session, @Nullable String value, long from, long to, long timestamp) {
    return add(
        session, from, to, new Step(kind, key, value, argument(kind), version(timestamp), 0));
  }

  private static @Nullable String argument(Kind kind) {
    return kind == Kind.ADD ? "1" : null;
  }

  /** A version of a time; null for 0. */
  static @Nullable Version version(long timestamp) {
    return timestamp == 0 ? null : new Version(timestamp, new Origin(1, 1));
  }

  /** A request of these steps. */
  Histories add(int session, long from, long to, Step... steps) {
    requests.add(
        new Request(
            requests.size(),
            session,
            level,
            boundNanos,
            List.of(steps),
            outcome,
            from,
            to,
            new Receipt(level, Receipt.REPLICA_UNKNOWN, ageNanos)));
    return this;
  }

  History history() {
    return new History(requests);
  }

  /** The same, and what the replicas show in the end. */
  History history(Map<Integer, Map<String, Shown>> ends) {
    return new History(requests, List.of(), ends);
  }
}
