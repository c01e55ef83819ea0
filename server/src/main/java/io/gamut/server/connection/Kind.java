package io.gamut.server.connection;

/** What of one connection a request may begin beside. */
public enum Kind {
  /** Nothing else may be under way. */
  ALONE,
  /** Beside weak writes: their replica keeps their order. */
  WEAK_WRITE,
  /** Beside strong operations: the ledger keeps their order. */
  STRONG_WRITE,
  /** Beside strong reads that have not begun yet: they are read together. */
  STRONG_READ
}
