package io.gamut.verify.check;

import io.gamut.verify.history.Operation;
import java.util.List;

/**
 * A promise that was broken, and what shows it.
 *
 * @param operations few that contradict each other, in the order in which to read them
 */
public record Violation(String promise, String explanation, List<Operation> operations) {
  /** Operations that are shown where there are many of a kind. */
  static final int SHOWN_MAX = 8;

  public Violation {
    operations = List.copyOf(operations);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(promise).append(": ").append(explanation);
    operations.forEach(operation -> text.append("\n  ").append(operation));
    return text.toString();
  }
}
