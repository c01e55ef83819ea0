package io.gamut.simulator;

/** An invariant does not hold. The run ends with it. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Violation(String invariant, String what) {
    super(invariant + ": " + what);
  }
}
