package io.gamut.verify.check;

import io.gamut.verify.history.History;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Judges a history by every checker.
 *
 * @param searchBytesMax what a search for an order may remember at a time, in bytes
 * @param expiryToleranceNanos how much later than it should what expires may go
 */
public record Judge(long searchBytesMax, long expiryToleranceNanos) {
  /** A quarter of a gibibyte, and two seconds. */
  public static final Judge DEFAULT = new Judge(256L << 20, 2_000_000_000L);

  /** The verdicts by promise, in the order in which to read them. */
  public Map<String, Verdict> judge(History history) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    verdicts.put(Linearizability.PROMISE, Linearizability.check(history, searchBytesMax));
    verdicts.put(Serializability.PROMISE, Serializability.check(history, searchBytesMax));
    verdicts.put(SequentialOrder.PROMISE, SequentialOrder.check(history, searchBytesMax));
    verdicts.put(Staleness.PROMISE, Staleness.check(history));
    verdicts.put(Causality.PROMISE, Causality.check(history));
    for (SessionGuarantees guarantee : SessionGuarantees.values()) {
      verdicts.put(guarantee.promise(), guarantee.check(history));
    }
    verdicts.put(GrowingLists.PROMISE, GrowingLists.check(history));
    verdicts.put(Expiry.PROMISE, Expiry.check(history, expiryToleranceNanos));
    verdicts.put(Versions.PROMISE, Versions.check(history));
    verdicts.put(Convergence.PROMISE, Convergence.check(history));
    verdicts.put(Durability.PROMISE, Durability.check(history));
    return verdicts;
  }
}
