package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;

/** What follows from what a request does. */
final class Steps {
  private Steps() {}

  /** Whether it may leave its key absent: at once, or when it expires. */
  static boolean isDelete(Operation operation) {
    return operation.kind() == Kind.DELETE || isExpiring(operation);
  }

  static boolean isExpiring(Operation operation) {
    return operation.step().lifeNanos() > 0;
  }

  /**
   * Whether what a write has left is known from what it was told: of an append, and of a sum that
   * was not told, it is not.
   */
  static boolean saysItsValue(Operation write) {
    return write.kind() != Kind.APPEND && (write.kind() != Kind.ADD || write.value() != null);
  }

  /** Whether the ledger has ordered it, if it had an effect. */
  static boolean isStrong(Request request) {
    return !request.level().isWeak() || needsTheLedger(request);
  }

  /** Whether it only reads, and below linearizable. */
  static boolean mayReadThePast(Request request) {
    return request.level() != Consistency.LINEARIZABLE && request.isRead();
  }

  /** Whether it reads before it writes: that is strong at every level. */
  static boolean needsTheLedger(Request request) {
    return request.steps().stream()
        .map(Step::kind)
        .anyMatch(kind -> kind != Kind.READ && kind != Kind.WRITE && kind != Kind.DELETE);
  }

  /**
   * Whether it comes before all that its session does strongly later. A weak write does so if it is
   * causal; at session level only on its own key, and at eventual not at all. What has no answer
   * may come later than what its session did next.
   */
  static boolean isBoundBySession(Request request) {
    return request.outcome() == Outcome.OK && request.isAtLeast(Consistency.CAUSAL);
  }
}
