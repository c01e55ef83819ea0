package io.gamut.simulator.cluster;

/** Ends a step of a simulated server in which its disk has turned out to be an old copy. */
final class OutdatedSignal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutdatedSignal() {
    super("an outdated disk", null, false, false);
  }
}
