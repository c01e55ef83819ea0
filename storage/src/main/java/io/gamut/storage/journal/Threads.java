package io.gamut.storage.journal;

/** Waiting for threads of this package to end. */
final class Threads {
  private Threads() {}

  /** Waits for a thread to end, through interrupts, which are handed on afterwards. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
