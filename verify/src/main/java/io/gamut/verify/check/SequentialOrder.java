package io.gamut.verify.check;

import io.gamut.verify.history.History;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether there is one order of all that was done at {@code sequential} and above that every
 * session has seen, and that agrees with each session's own: sequential consistency across keys
 * (Lamport, "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs",
 * 1979).
 *
 * <p>To decide this is NP-complete (Gibbons and Korach, "Testing Shared Memories", 1997); but where
 * versions witness the order of the writes of each key, an order of all exists if and only if what
 * the requests depend on each other for, and the order of each session, make no circle together. Of
 * O(n log n) steps. Where versions are missing {@link OrderSearch} looks for an order, and may have
 * to give up.
 */
public final class SequentialOrder {
  static final String PROMISE = "sequential consistency";

  private SequentialOrder() {}

  /**
   * Judges a history.
   *
   * @param bytesMax what a search may remember
   */
  public static Verdict check(History history, long bytesMax) {
    List<Violation> violations = new ArrayList<>(Serializability.aborted(history, PROMISE));
    violations.addAll(Internals.check(history, PROMISE));
    Dependencies dependencies = new Dependencies(history);
    dependencies.addSessions();
    violations.addAll(Serializability.circles(dependencies, PROMISE));
    String gap = dependencies.gap();
    return violations.isEmpty() && gap != null
        ? OrderSearch.inSessions(history, PROMISE, gap, bytesMax)
        : Verdict.of(violations);
  }
}
