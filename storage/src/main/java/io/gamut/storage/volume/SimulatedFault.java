package io.gamut.storage.volume;

/** What a {@link SimulatedVolume} can be told to do wrong at one of its operations. */
public enum SimulatedFault {
  /**
   * The operation fails with an {@link java.io.IOException}. Of a write, any sectors may have
   * changed; after a sync, no later one makes durable what this one should have.
   */
  ERROR,
  /** The operation finds the disk full. Of a write, any sectors may have changed. */
  FULL,
  /** The machine dies while the operation runs: a {@link SimulatedCrash}. */
  CRASH
}
