package io.gamut.trial.workload;

import io.gamut.verify.history.Request;

/**
 * What one session asks for. Each session has an instance of its own, for one thread; sessions of
 * the same workload work on the same keys.
 */
public interface Workload {
  /** The next request, never null. */
  Planned next();

  /** What has become of the last one. */
  void onAnswered(Request request);
}
