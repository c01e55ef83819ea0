package io.gamut.simulator;

/** Ends a step of a simulated server in the middle: it has died between two effects. */
public final class CrashSignal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CrashSignal() {
    super("a simulated crash", null, false, false);
  }
}
