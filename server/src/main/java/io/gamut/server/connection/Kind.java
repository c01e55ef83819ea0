package io.gamut.server.connection;

import io.gamut.core.Consistency;
import io.gamut.core.Operation;
import io.gamut.server.service.NodeServices;

/** What of one connection a request may begin beside. */
public enum Kind {
  /** Nothing else may be under way. */
  ALONE,
  /** Beside weak writes: their replica keeps their order. */
  WEAK_WRITE,
  /** Beside strong operations: the ledger keeps their order. */
  STRONG_WRITE,
  /** The same, a few at a time: each is answered with values, and all of those are in memory. */
  STRONG_EXCHANGE,
  /** Beside reads that have not begun yet: they are read together. */
  GATHERED_READ;

  /** Of what reads and modifies. */
  public static Kind of(Operation operation) {
    return operation.tellsValues() ? STRONG_EXCHANGE : STRONG_WRITE;
  }

  /**
   * Of a write at a level. Where nobody keeps the order of those that are under way together, one
   * that has causes must name them all, and so wait until those before it are answered.
   */
  public static Kind ofWrite(Consistency level, NodeServices services) {
    if (!level.isWeak()) {
      return STRONG_WRITE;
    }
    boolean isInOrder = level != Consistency.CAUSAL || services.keepsWeakOrder();
    return isInOrder ? WEAK_WRITE : ALONE;
  }
}
