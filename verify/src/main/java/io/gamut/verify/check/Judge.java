package io.gamut.verify.check;

import io.gamut.verify.history.History;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Judges a history by every checker.
 *
 * @param searchBytesMax what a search for an order may remember at a time, in bytes
 * @param expiryToleranceNanos how much later than it should what expires may go
 */
public record Judge(long searchBytesMax, long expiryToleranceNanos) {
  /** A quarter of a gibibyte, and two seconds. */
  public static final Judge DEFAULT = new Judge(256L << 20, 2_000_000_000L);

  /** The checkers by promise, in the order in which to read their verdicts. */
  public Map<String, Function<History, Verdict>> checkers() {
    Map<String, Function<History, Verdict>> checkers = new LinkedHashMap<>();
    checkers.put(
        Linearizability.PROMISE, history -> Linearizability.check(history, searchBytesMax));
    checkers.put(
        Serializability.PROMISE, history -> Serializability.check(history, searchBytesMax));
    checkers.put(
        SequentialOrder.PROMISE, history -> SequentialOrder.check(history, searchBytesMax));
    checkers.put(Staleness.PROMISE, Staleness::check);
    checkers.put(Causality.PROMISE, Causality::check);
    for (SessionGuarantees guarantee : SessionGuarantees.values()) {
      checkers.put(guarantee.promise(), guarantee::check);
    }
    checkers.put(GrowingLists.PROMISE, GrowingLists::check);
    checkers.put(Expiry.PROMISE, history -> Expiry.check(history, expiryToleranceNanos));
    checkers.put(Versions.PROMISE, Versions::check);
    checkers.put(Convergence.PROMISE, Convergence::check);
    checkers.put(Durability.PROMISE, Durability::check);
    return checkers;
  }

  /** The verdicts by promise, in the same order. */
  public Map<String, Verdict> judge(History history) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    checkers().forEach((promise, checker) -> verdicts.put(promise, checker.apply(history)));
    return verdicts;
  }
}
