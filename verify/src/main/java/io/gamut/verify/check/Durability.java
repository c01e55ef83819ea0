package io.gamut.verify.check;

import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * That no acknowledged write is lost: in the end, after every crash, each replica shows it or
 * something newer. By the versions in the receipts, of which a later one overtakes an earlier one.
 * Of O(n r) steps for r replicas.
 */
public final class Durability {
  static final String PROMISE = "no acknowledged write is lost";

  private Durability() {}

  /** The same where nobody knows how many replicas there are. */
  public static Verdict check(History history) {
    return check(history, 0);
  }

  /**
   * Judges a history by what the replicas show at its end.
   *
   * @param replicas how many there are at least; 0 if that is not known
   */
  public static Verdict check(History history, int replicas) {
    if (history.ends().isEmpty()) {
      return new Verdict.Unknown(Convergence.NOBODY_LOOKED);
    }
    List<Violation> violations = new ArrayList<>();
    List<Operation> operations = history.operations();
    history.ends().forEach((replica, shown) -> judge(operations, replica, shown, violations));
    return Convergence.ofAll(history, replicas, violations);
  }

  /** How many writes it weighs. */
  static long judged(History history) {
    return history.operations().stream().filter(Durability::isAcknowledged).count();
  }

  private static boolean isAcknowledged(Operation operation) {
    return !operation.isRead() && operation.isOk() && operation.version() != null;
  }

  private static void judge(
      List<Operation> operations,
      int replica,
      Map<String, Shown> shown,
      List<Violation> violations) {
    for (Operation write : operations) {
      Version written = write.version();
      if (written == null || !isAcknowledged(write)) {
        continue;
      }
      Shown last = shown.getOrDefault(write.key(), Shown.NOTHING);
      if (!isShown(write, written, last)) {
        violations.add(
            new Violation(
                PROMISE,
                "replica %d shows %s in the end".formatted(replica, last),
                List.of(write)));
      }
    }
  }

  private static boolean isShown(Operation write, Version written, Shown last) {
    if (last.version() != null && last.version().isAfter(written)) {
      return true;
    }
    if (write.step().lifeNanos() > 0 && last.value() == null) {
      // It was there, and has expired.
      return true;
    }
    return written.equals(last.version())
        && (!Steps.saysItsValue(write) || Objects.equals(write.value(), last.value()));
  }
}
