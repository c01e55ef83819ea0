package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * That what expires is gone after its life: a strong read that begins later than the write ended,
 * its life, and a tolerance for clocks that differ and for ledger time, which moves in steps, does
 * not meet it. That it is there before that is {@link Linearizability}. Of O(n) steps.
 */
public final class Expiry {
  static final String PROMISE = "expiry";

  private Expiry() {}

  /**
   * Judges a history.
   *
   * @param toleranceNanos how much later than it should it may go
   */
  public static Verdict check(History history, long toleranceNanos) {
    List<Violation> violations = new ArrayList<>();
    for (List<Operation> ofKey : history.byKey().values()) {
      Map<String, Operation> writes = new HashMap<>();
      for (Operation operation : ofKey) {
        if (operation.kind() == Kind.WRITE
            && operation.step().lifeNanos() > 0
            && operation.isOk()) {
          writes.put(operation.value(), operation);
        }
      }
      for (Operation read : ofKey) {
        boolean isJudged =
            read.kind() == Kind.READ && read.isOk() && read.level() == Consistency.LINEARIZABLE;
        Operation write = isJudged && read.value() != null ? writes.get(read.value()) : null;
        if (write != null
            && read.invoked() > write.responded() + write.step().lifeNanos() + toleranceNanos) {
          violations.add(
              new Violation(PROMISE, "it was there after its life", List.of(write, read)));
        }
      }
    }
    return Verdict.of(violations);
  }
}
