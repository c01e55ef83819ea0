package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * That no answer is weaker than what was asked for: what a receipt says was had is the level of its
 * request, or a stronger one. A store that cannot give what it was asked for has to refuse; who
 * wants less instead has to ask for less. Of O(n) steps.
 */
public final class Levels {
  static final String PROMISE = "level";

  private Levels() {}

  /** Judges a history. */
  public static Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    for (Request request : history.requests()) {
      Receipt receipt = request.receipt();
      if (receipt != null && request.isOk() && isWeaker(receipt.achieved(), request)) {
        List<Operation> shown = new ArrayList<>();
        for (Step step : request.steps()) {
          shown.add(new Operation(request, step));
        }
        violations.add(
            new Violation(
                PROMISE,
                "its answer is %s, and it asked for %s"
                    .formatted(receipt.achieved(), request.level()),
                shown));
      }
    }
    return Verdict.of(violations);
  }

  private static boolean isWeaker(Consistency achieved, Request request) {
    return achieved.compareTo(request.level()) < 0;
  }

  /** How many requests it weighs. */
  static long judged(History history) {
    return history.requests().stream()
        .filter(request -> request.isOk() && request.receipt() != null)
        .count();
  }
}
