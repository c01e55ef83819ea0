package io.gamut.verify.history;

import java.util.Locale;

/** What a step does with its key. */
public enum Kind {
  READ,
  WRITE,
  DELETE,
  /** Adds the argument, a decimal integer; an absent key counts as 0. */
  ADD,
  /** Puts the argument behind what is there; an absent key counts as empty. */
  APPEND,
  /** Writes the value if the key holds the argument, null for absent; and it did, if it is OK. */
  COMPARE_AND_SET,
  /** A compare-and-set that changed nothing: the key did not hold the argument. */
  MISMATCH;

  /** Whether it leaves its key as it was. */
  public boolean isRead() {
    return this == READ || this == MISMATCH;
  }

  /** Whether what it writes is its value, whatever was there before. */
  public boolean writesValue() {
    return this == WRITE || this == COMPARE_AND_SET;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
