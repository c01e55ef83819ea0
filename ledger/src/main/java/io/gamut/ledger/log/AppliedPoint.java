package io.gamut.ledger.log;

/**
 * A place in the ledger that a state machine has reached, or that a snapshot holds.
 *
 * @param term of the entry there
 * @param configuration in force there
 */
public record AppliedPoint(long index, long term, Configuration configuration) {
  /** Before the first entry. */
  public static final AppliedPoint ORIGIN = new AppliedPoint(0, 0, Configuration.NOBODY);
}
