package io.gamut.replication.committed;

import io.gamut.core.OperationResult.Problem;

/** A change cannot be made, so no other of its step is. */
final class ImpossibleException extends Exception {
  private static final long serialVersionUID = 1L;

  final Problem problem;

  ImpossibleException(Problem problem) {
    super(problem.words(), null, false, false);
    this.problem = problem;
  }
}
