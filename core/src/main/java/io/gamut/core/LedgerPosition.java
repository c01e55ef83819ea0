package io.gamut.core;

/**
 * What a replica shows that has applied the ledger up to an index.
 *
 * @param index of the last entry that was applied, 0 before the first
 */
public record LedgerPosition(long index) implements Mark {
  public LedgerPosition {
    if (index < 0) {
      throw new IllegalArgumentException("a ledger's indexes count from 1, not " + index);
    }
  }

  @Override
  public String toString() {
    return "ledger:" + index;
  }
}
