package io.gamut.verify;

import io.gamut.core.Consistency;
import io.gamut.verify.Operation.Kind;
import io.gamut.verify.Operation.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether strong operations are linearizable (Herlihy and Wing, 1990) together with the weak writes
 * on the same keys: of each key there is an order of its operations that explains every answer and
 * agrees with real time.
 *
 * <p>A history is linearizable if that of each key is (Herlihy and Wing call this locality; Horn
 * and Kroening, "Faster linearizability checking via P-compositionality", FORTE 2015). Of each key,
 *
 * <ul>
 *   <li>a strong write takes effect between its invocation and its response;
 *   <li>a weak write, and one whose outcome is unknown, has an open end: it takes effect at any
 *       time after its invocation, or never;
 *   <li>a linearizable read takes effect between its invocation and its response; a bounded or
 *       sequential one whose receipt says how old its state may have been, not earlier than so much
 *       before its invocation. Other reads are left out: they promise nothing here.
 * </ul>
 *
 * <p>Registers whose written values are unique are decided by {@link UniqueRegister} in O(n log n);
 * whatever else by {@link LinearizationSearch}, which may have to give up.
 */
public final class Linearizability {
  static final String PROMISE = "linearizability";

  private Linearizability() {}

  /**
   * An operation that may take effect between two moments.
   *
   * @param end {@link Long#MAX_VALUE} if it is open: then it need not take effect
   */
  record Span(Operation operation, long begin, long end) {
    static final long OPEN = Long.MAX_VALUE;

    boolean isOpen() {
      return end == OPEN;
    }
  }

  /**
   * Judges a history.
   *
   * @param bytesMax what a search may remember of one key at a time
   */
  public static Verdict check(History history, long bytesMax) {
    List<Violation> violations = new ArrayList<>();
    Verdict undecided = null;
    for (List<Operation> ofKey : history.byKey().values()) {
      switch (checkKey(ofKey, bytesMax)) {
        case Verdict.Kept() -> {}
        case Verdict.Broken(List<Violation> more) -> violations.addAll(more);
        case Verdict.Undecided verdict -> undecided = verdict;
      }
    }
    return undecided != null && violations.isEmpty() ? undecided : Verdict.of(violations);
  }

  private static Verdict checkKey(List<Operation> operations, long bytesMax) {
    List<Span> spans = new ArrayList<>();
    for (Operation operation : operations) {
      if (isJudged(operation)) {
        spans.add(span(operation));
      }
    }
    return isUniqueRegister(operations)
        ? UniqueRegister.check(spans)
        : LinearizationSearch.check(spans, bytesMax);
  }

  private static boolean isJudged(Operation operation) {
    if (!operation.isRead()) {
      return operation.outcome() != Outcome.FAILED;
    }
    return operation.isOk()
        && !operation.level().isWeak()
        && (operation.level() == Consistency.LINEARIZABLE
            || operation.ageNanos() != Operation.AGE_UNKNOWN);
  }

  private static Span span(Operation operation) {
    if (operation.isRead()) {
      long age = operation.level() == Consistency.LINEARIZABLE ? 0 : operation.ageNanos();
      return new Span(operation, operation.invoked() - age, operation.responded());
    }
    boolean isClosed = operation.isOk() && !operation.level().isWeak();
    return new Span(operation, operation.invoked(), isClosed ? operation.responded() : Span.OPEN);
  }

  private static boolean isUniqueRegister(List<Operation> operations) {
    Set<String> written = new HashSet<>();
    for (Operation operation : operations) {
      if (operation.kind() == Kind.INCREMENT
          || (operation.kind() == Kind.WRITE && !written.add(String.valueOf(operation.value())))) {
        return false;
      }
    }
    return true;
  }
}
