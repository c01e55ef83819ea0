package io.gamut.verify;

import io.gamut.core.Consistency;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.verify.Operation.Kind;
import io.gamut.verify.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds histories by hand: each line an operation, of linearizable level unless told otherwise.
 */
final class Histories {
  private final List<Operation> operations = new ArrayList<>();
  private Consistency level = Consistency.LINEARIZABLE;
  private Outcome outcome = Outcome.OK;
  private long ageNanos = Operation.AGE_UNKNOWN;
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
    return add(Kind.INCREMENT, session, sum, from, to, 0);
  }

  /** One with a version; 0 for none. */
  Histories add(
      Kind kind, int session, @Nullable String value, long from, long to, long timestamp) {
    operations.add(
        new Operation(
            session,
            level,
            kind,
            key,
            value,
            outcome,
            from,
            to,
            timestamp == 0 ? null : new Version(timestamp, new Origin(1, 1)),
            ageNanos));
    return this;
  }

  History history() {
    return new History(operations);
  }
}
