package io.gamut.trial.fault;

import java.io.IOException;

/**
 * Something that is done to a cluster, and undone again.
 *
 * @param detail what it is done to, for people
 * @param end how its end is called: {@code heal}, {@code restart}, ...
 * @param again what is done every quarter of a second as long as it lasts
 * @param undoing may be called several times, until it has succeeded
 */
record Fault(String detail, String end, Action doing, Action again, Action undoing) {
  /** What changes a cluster. */
  @FunctionalInterface
  interface Action {
    Action NOTHING = () -> {};

    void run() throws IOException, InterruptedException;
  }

  Fault(String detail, String end, Action doing, Action undoing) {
    this(detail, end, doing, Action.NOTHING, undoing);
  }
}
