package io.gamut.trial.fault;

import io.gamut.verify.history.Event;

/** Where faults are told; for any thread. */
public interface FaultLog {
  /** The clock of the history. */
  long nanos();

  /** A fault begins, or was undone. */
  void happened(Event event);

  /** What else people want to know. */
  void say(String words);
}
