package io.gamut.simulator;

/** An invariant does not hold. The run ends with it. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String invariant, String what) {
    super(invariant + ": " + what);
  }
}
