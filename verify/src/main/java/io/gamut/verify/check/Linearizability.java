package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Limits;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Whether strong operations are linearizable (Herlihy and Wing, 1990) together with the weak writes
 * on the same keys: of each key there is an order of its operations that explains every answer and
 * agrees with real time.
 *
 * <p>A history is linearizable if that of each key is (Herlihy and Wing call this locality; Horn
 * and Kroening, "Faster linearizability checking via P-compositionality", FORTE 2015). Steps of one
 * request count each for itself here; that they take effect at once is {@link Serializability}. Of
 * each key,
 *
 * <ul>
 *   <li>a strong write takes effect between its invocation and its response;
 *   <li>a weak write, and one whose outcome is unknown, has an open end: it takes effect at any
 *       time after its invocation, or never;
 *   <li>a linearizable read takes effect between its invocation and its response; a bounded or
 *       sequential one whose receipt says how old its state may have been, not earlier than so much
 *       before its invocation. Other reads are left out: they promise nothing here.
 *   <li>a write that expires leaves the key absent by itself, at some moment after its life: an
 *       open compare-and-delete. One server's clock may be late when it is written, and another's
 *       early when it ends, each as far as writes are taken at all.
 * </ul>
 *
 * <p>Registers whose written values are unique are decided by {@link UniqueRegister}, counters that
 * tell their sums by {@link UniqueSums}, both in O(n log n); whatever else by {@link
 * LinearizationSearch}, which takes exponential time where many operations overlap, and may have to
 * give up.
 */
public final class Linearizability {
  static final String PROMISE = "linearizability";

  /** How much earlier servers' clocks may end a life than the clock of the history does. */
  static final long CLOCKS_APART_NANOS =
      TimeUnit.MILLISECONDS.toNanos(2 * Limits.CLOCK_AHEAD_MILLIS_MAX);

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
    List<Verdict> verdicts = new ArrayList<>();
    for (List<Operation> ofKey : history.byKey().values()) {
      verdicts.add(checkKey(ofKey, bytesMax));
    }
    return Verdict.ofAll(verdicts);
  }

  private static Verdict checkKey(List<Operation> all, long bytesMax) {
    List<Operation> operations = withMismatchesRead(all);
    List<Span> spans = new ArrayList<>();
    for (Operation operation : operations) {
      if (isJudged(operation)) {
        spans.add(span(operation));
        if (Steps.isExpiring(operation)) {
          spans.add(expiry(operation));
        }
      }
    }
    if (UniqueSums.canJudge(spans)) {
      return UniqueSums.check(spans);
    }
    return isUniqueRegister(operations)
        ? UniqueRegister.check(spans)
        : LinearizationSearch.check(spans, bytesMax);
  }

  /**
   * A mismatch whose receipt has a version was a read of the write with that version, if that says
   * its value and keeps it. One that met a write whose version nobody knows is left out.
   */
  private static List<Operation> withMismatchesRead(List<Operation> all) {
    if (all.stream().noneMatch(operation -> operation.kind() == Kind.MISMATCH)) {
      return all;
    }
    Writes.OfKey writes = Writes.of(all).at(all.getFirst().key());
    List<Operation> operations = new ArrayList<>();
    for (Operation operation : all) {
      if (operation.kind() != Kind.MISMATCH || operation.version() == null) {
        operations.add(operation);
        continue;
      }
      Operation met = writes.versions().get(operation.version());
      if (met != null && (Steps.isExpiring(met) || !Steps.saysItsValue(met))) {
        operations.add(operation);
      } else if (met != null) {
        Step read = Step.of(Kind.READ, operation.key(), met.value(), operation.version());
        operations.add(new Operation(operation.request(), read));
      }
    }
    return operations;
  }

  /** How many operations it weighs: the others may be put anywhere, or left out. */
  static long judged(History history) {
    return history.operations().stream()
        .filter(each -> isJudged(each) && each.isOk() && (each.isRead() || !isWeak(each)))
        .count();
  }

  private static boolean isJudged(Operation operation) {
    if (!operation.isRead()) {
      return operation.outcome() != Outcome.FAILED;
    }
    return operation.isOk()
        && !operation.level().isWeak()
        && (operation.level() == Consistency.LINEARIZABLE
            || operation.kind() == Kind.MISMATCH
            || operation.ageNanos() != Receipt.AGE_UNKNOWN);
  }

  private static Span span(Operation operation) {
    if (operation.isRead()) {
      boolean isPast =
          operation.kind() == Kind.READ && operation.level() != Consistency.LINEARIZABLE;
      long age = isPast ? operation.ageNanos() : 0;
      return new Span(operation, Times.before(operation.invoked(), age), operation.responded());
    }
    boolean isClosed = operation.isOk() && !isWeak(operation);
    return new Span(operation, operation.invoked(), isClosed ? operation.responded() : Span.OPEN);
  }

  /** That it is not there any more by itself: if it still is there then. */
  private static Span expiry(Operation write) {
    Step step = new Step(Kind.COMPARE_AND_SET, write.key(), null, write.value(), null, 0);
    long least = Math.max(0, write.step().lifeNanos() - CLOCKS_APART_NANOS);
    long begin = Times.after(write.invoked(), least);
    return new Span(new Operation(write.request(), step), begin, Span.OPEN);
  }

  /** What needs to read before it writes is strong at every level. */
  private static boolean isWeak(Operation operation) {
    return operation.level().isWeak()
        && (operation.kind() == Kind.WRITE || operation.kind() == Kind.DELETE);
  }

  private static boolean isUniqueRegister(List<Operation> operations) {
    Set<String> written = new HashSet<>();
    for (Operation operation : operations) {
      Kind kind = operation.kind();
      boolean isOther =
          kind == Kind.ADD
              || kind == Kind.APPEND
              || kind == Kind.MISMATCH
              || operation.step().lifeNanos() > 0
              || (kind == Kind.COMPARE_AND_SET
                  && (operation.argument() == null || operation.value() == null));
      if (isOther || (kind.writesValue() && !written.add(String.valueOf(operation.value())))) {
        return false;
      }
    }
    return true;
  }
}
