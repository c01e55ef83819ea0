package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Judges a history by every checker.
 *
 * @param searchBytesMax what a search for an order may remember at a time, in bytes
 * @param expiryToleranceNanos how much later than it should what expires may go
 * @param replicas how many of them there are at least; 0 if that is not known
 */
public record Judge(long searchBytesMax, long expiryToleranceNanos, int replicas) {
  /** A quarter of a gibibyte, and two seconds. */
  public static final Judge DEFAULT = new Judge(256L << 20, 2_000_000_000L, 0);

  private static final String OPERATION = "operation";
  private static final String REQUEST = "request";
  private static final String READ = "read";

  /**
   * The checkers by promise, in the order in which to read their verdicts. They say how much they
   * have weighed, since a promise is kept too by who was never asked. None of them throws: what one
   * stumbles over must not hide what the others have found.
   */
  public Map<String, Function<History, Verdict>> checkers() {
    Map<String, Function<History, Verdict>> checkers = new LinkedHashMap<>();
    checkers.put(
        Linearizability.PROMISE,
        counting(
            history -> Linearizability.check(history, searchBytesMax),
            OPERATION,
            Linearizability::judged));
    checkers.put(
        Serializability.PROMISE,
        counting(
            history -> Serializability.check(history, searchBytesMax),
            REQUEST,
            Serializability::judged));
    checkers.put(
        SequentialOrder.PROMISE,
        counting(
            history -> SequentialOrder.check(history, searchBytesMax),
            REQUEST,
            Serializability::judged));
    checkers.put(Staleness.PROMISE, counting(Staleness::check, READ, Staleness::judged));
    checkers.put(Causality.PROMISE, counting(Causality::check, OPERATION, Judge::causal));
    for (SessionGuarantees guarantee : SessionGuarantees.values()) {
      checkers.put(
          guarantee.promise(), counting(guarantee::check, guarantee.unit(), guarantee::judged));
    }
    checkers.put(Levels.PROMISE, counting(Levels::check, REQUEST, Levels::judged));
    checkers.put(GrowingLists.PROMISE, counting(GrowingLists::check, READ, GrowingLists::judged));
    checkers.put(
        Expiry.PROMISE,
        counting(history -> Expiry.check(history, expiryToleranceNanos), READ, Expiry::judged));
    checkers.put(Versions.PROMISE, counting(Versions::check, OPERATION, Versions::judged));
    checkers.put(
        Convergence.PROMISE,
        counting(history -> Convergence.check(history, replicas), "key", Convergence::judged));
    checkers.put(
        Durability.PROMISE,
        counting(history -> Durability.check(history, replicas), "write", Durability::judged));
    return checkers;
  }

  /** What takes part in causal order, and has an answer that can be wrong. */
  private static long causal(History history) {
    return history.operations().stream()
        .filter(
            each -> Causality.isJudged(each) && each.isOk() && each.isAtLeast(Consistency.CAUSAL))
        .count();
  }

  /** The same checker, which says how much it has weighed, and does not throw. */
  static Function<History, Verdict> counting(
      Function<History, Verdict> checker, String unit, ToLongFunction<History> judged) {
    return history -> {
      try {
        Verdict verdict = checker.apply(history);
        return verdict instanceof Verdict.Holds
            ? new Verdict.Holds(judged.applyAsLong(history), unit)
            : verdict;
      } catch (RuntimeException | StackOverflowError e) {
        return new Verdict.Unknown(failure(e));
      }
    };
  }

  private static String failure(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return "the judge itself has failed, which is a bug of Gamut, to be reported with the history: "
        + failure
        + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /** The verdicts by promise, in the same order. */
  public Map<String, Verdict> judge(History history) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    checkers().forEach((promise, checker) -> verdicts.put(promise, checker.apply(history)));
    return verdicts;
  }
}
