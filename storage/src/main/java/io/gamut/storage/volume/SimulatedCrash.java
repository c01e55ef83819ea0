package io.gamut.storage.volume;

/**
 * The machine has died, in a simulation: thrown by a {@link SimulatedVolume} at the operation it
 * was told to crash at and at every one after it, until {@link SimulatedVolume#crash()} restarts
 * it.
 *
 * <p>Unchecked, and no {@link java.io.IOException}: no code may handle it, for nothing runs on a
 * dead machine.
 */
public final class SimulatedCrash extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SimulatedCrash(String message) {
    super(message);
  }
}
