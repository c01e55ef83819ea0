package io.gamut.verify.check;

import io.gamut.verify.check.Digraph.Edge;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether strong requests have taken effect one at a time, in an order that agrees with real time:
 * strict serializability (Papadimitriou, "The serializability of concurrent database updates", J.
 * ACM 1979; Herlihy and Wing, 1990, section 3.3), of batches and transactions of several keys
 * together with all single operations.
 *
 * <p>Such an order exists if and only if what the requests depend on each other for has no circle
 * (Adya, "Weak Consistency", 1999, section 4.3), once the order of the writes of each key is known;
 * the versions tell it. A circle is named by Adya's phenomena: G0 if it is made of overwriting
 * alone, G1c if reading takes part, G-single if one read was overwritten, G2 if several were; and
 * "in real time" if it needs that too. Where versions are missing {@link OrderSearch} looks for an
 * order, and may have to give up. Of O(n log n) steps without it.
 *
 * <p>What a request of unknown outcome wrote and nobody has read has no place in the order, even if
 * something else that it wrote was read: a batch that was torn apart there is not found.
 */
public final class Serializability {
  static final String PROMISE = "strict serializability";

  private static final int CIRCLES_MAX = 3;

  private Serializability() {}

  /**
   * Judges a history.
   *
   * @param bytesMax what a search may remember
   */
  public static Verdict check(History history, long bytesMax) {
    List<Violation> violations = new ArrayList<>(aborted(history, PROMISE));
    violations.addAll(Internals.check(history, PROMISE));
    Dependencies dependencies = new Dependencies(history);
    dependencies.addRealTime();
    violations.addAll(circles(dependencies, PROMISE));
    String gap = dependencies.gap();
    return violations.isEmpty() && gap != null
        ? OrderSearch.inRealTime(history, PROMISE, gap, bytesMax)
        : Verdict.of(violations);
  }

  /** How many requests it weighs: those that must have a place in the order. */
  static long judged(History history) {
    return history.requests().stream()
        .filter(request -> request.isOk() && Steps.isStrong(request))
        .count();
  }

  /** Reads of what a request wrote that had no effect: G1a. */
  static List<Violation> aborted(History history, String promise) {
    Set<List<String>> failed = new HashSet<>();
    Set<List<String>> written = new HashSet<>();
    List<Operation> operations = history.operations();
    for (Operation operation : operations) {
      if (operation.kind().writesValue() && operation.value() != null) {
        List<String> what = List.of(operation.key(), operation.value());
        (operation.outcome() == Outcome.FAILED ? failed : written).add(what);
      }
    }
    List<Violation> violations = new ArrayList<>();
    for (Operation read : operations) {
      if (read.isRead() && read.isOk() && read.value() != null) {
        List<String> what = List.of(read.key(), read.value());
        if (failed.contains(what) && !written.contains(what)) {
          violations.add(
              new Violation(
                  promise, "G1a: it read what a request wrote that failed", List.of(read)));
        }
      }
    }
    return violations;
  }

  /** The circles that dependencies make. */
  static List<Violation> circles(Dependencies dependencies, String promise) {
    List<Violation> violations = new ArrayList<>();
    for (List<Edge> circle : dependencies.graph.circles(CIRCLES_MAX)) {
      violations.add(violation(circle, dependencies.requests, promise));
    }
    return violations;
  }

  private static Violation violation(List<Edge> circle, List<Request> requests, String promise) {
    List<Operation> shown = new ArrayList<>();
    StringBuilder text = new StringBuilder(phenomenon(circle)).append(": ");
    String how = "";
    for (Edge edge : circle) {
      String word =
          switch (edge.label()) {
            case Dependencies.WW -> " was overwritten by ";
            case Dependencies.WR -> " was read by ";
            case Dependencies.RW -> " read what was overwritten by ";
            case Dependencies.TIME -> " had ended before ";
            case Dependencies.SESSION -> " came in its session before ";
            default -> "";
          };
      if (edge.from() < requests.size()) {
        Request request = requests.get(edge.from());
        text.append(how).append("request ").append(request.number());
        for (Step step : request.steps()) {
          shown.add(new Operation(request, step));
        }
      }
      how = word.isEmpty() ? how : word;
    }
    text.append(how).append("the first");
    return new Violation(promise, text.toString(), shown);
  }

  private static String phenomenon(List<Edge> circle) {
    boolean hasReads = false;
    boolean hasTime = false;
    boolean hasSession = false;
    int overwritten = 0;
    for (Edge edge : circle) {
      hasReads |= edge.label() == Dependencies.WR;
      hasTime |= edge.label() == Dependencies.TIME;
      hasSession |= edge.label() == Dependencies.SESSION;
      overwritten += edge.label() == Dependencies.RW ? 1 : 0;
    }
    String name = hasReads ? "G1c" : "G0";
    if (overwritten > 0) {
      name = overwritten == 1 ? "G-single" : "G2";
    }
    return name + (hasTime ? " in real time" : "") + (hasSession ? " in session order" : "");
  }
}
