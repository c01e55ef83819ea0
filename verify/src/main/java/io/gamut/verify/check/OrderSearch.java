package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one order of strong requests that explains every answer and agrees with real time, or
 * with the order of each session. Requests may have several steps, on several keys, which take
 * effect at once. It remembers where it has been, as Lowe's search does ("Testing for
 * Linearizability", 2017). Exponential time where much overlaps; what it remembers is bounded, and
 * beyond that the answer is that there is none.
 *
 * <p>What is weak, and what has no answer, may be put anywhere after what its session did before
 * it, or left out.
 */
final class OrderSearch {
  private static final int CONFIGURATION_BYTES = 250;

  /** Requests that are looked at; some ten seconds of work. */
  private static final long STEPS_MAX = 20_000_000;

  private record Configuration(BitSet done, Map<String, String> state) {}

  private record Frame(int placed, Map<String, String> state, int next) {}

  private final List<Request> requests = new ArrayList<>();
  private final BitSet required = new BitSet();
  private final List<BitSet> before = new ArrayList<>();
  private final String promise;
  private final String gap;

  private OrderSearch(History history, String promise, String gap) {
    this.promise = promise;
    this.gap = gap;
    for (Request request : history.requests()) {
      boolean isWriting = !request.isRead();
      boolean isStrong = !request.level().isWeak() || Steps.needsTheLedger(request);
      if (request.outcome() != Outcome.FAILED && (isWriting || (isStrong && request.isOk()))) {
        if (isStrong && request.isOk()) {
          required.set(requests.size());
        }
        requests.add(request);
      }
    }
  }

  /**
   * Looks for one that agrees with real time.
   *
   * @param gap why it has to be searched for
   */
  static Verdict inRealTime(History history, String promise, String gap, long bytesMax) {
    OrderSearch search = new OrderSearch(history, promise, gap);
    search.order((one, other) -> one.responded() < other.invoked() && !Steps.mayReadThePast(other));
    return search.search(bytesMax);
  }

  /**
   * Looks for one that agrees with the order of each session.
   *
   * @param gap why it has to be searched for
   */
  static Verdict inSessions(History history, String promise, String gap, long bytesMax) {
    OrderSearch search = new OrderSearch(history, promise, gap);
    search.order((one, other) ->
        one.session() == other.session()
            && one.invoked() < other.invoked()
            && other.isAtLeast(Consistency.CAUSAL));
    return search.search(bytesMax);
  }

  @FunctionalInterface
  private interface Order {
    boolean isBefore(Request one, Request other);
  }

  /** Only what is required binds others. */
  private void order(Order order) {
    for (Request other : requests) {
      BitSet of = new BitSet();
      for (int i = required.nextSetBit(0); i >= 0; i = required.nextSetBit(i + 1)) {
        if (order.isBefore(requests.get(i), other)) {
          of.set(i);
        }
      }
      before.add(of);
    }
  }

  private Verdict search(long bytesMax) {
    long most = bytesMax / (CONFIGURATION_BYTES + requests.size() / Byte.SIZE);
    Set<Configuration> seen = new HashSet<>();
    ArrayDeque<Frame> path = new ArrayDeque<>();
    BitSet done = new BitSet();
    Map<String, String> state = Map.of();
    int deepest = 0;
    List<Operation> stuck = stuck(done);
    int at = 0;
    for (long steps = 0; !includes(done, required); steps++) {
      if (seen.size() > most || steps > STEPS_MAX) {
        return new Verdict.Unknown(
            "%s; and a search has ended after %d configurations".formatted(gap, seen.size()));
      }
      if (at == requests.size()) {
        if (path.isEmpty()) {
          return new Verdict.Violated(
              List.of(
                  new Violation(
                      promise,
                      "no order explains these, with %d requests before them".formatted(deepest),
                      stuck)));
        }
        Frame frame = path.pop();
        done.clear(frame.placed);
        state = frame.state;
        at = frame.next;
        continue;
      }
      Map<String, String> after =
          done.get(at) || !includes(done, before.get(at)) ? null : after(requests.get(at), state);
      if (after != null) {
        done.set(at);
        if (seen.add(new Configuration((BitSet) done.clone(), after))) {
          path.push(new Frame(at, state, at + 1));
          state = after;
          at = 0;
          if (path.size() > deepest) {
            deepest = path.size();
            stuck = stuck(done);
          }
          continue;
        }
        done.clear(at);
      }
      at++;
    }
    return new Verdict.Holds();
  }

  private static boolean includes(BitSet all, BitSet some) {
    for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
      if (!all.get(i)) {
        return false;
      }
    }
    return true;
  }

  private List<Operation> stuck(BitSet done) {
    List<Operation> next = new ArrayList<>();
    for (int i = 0; i < requests.size() && next.size() < Violation.SHOWN_MAX; i++) {
      if (!done.get(i) && required.get(i)) {
        for (Step step : requests.get(i).steps()) {
          next.add(new Operation(requests.get(i), step));
        }
      }
    }
    return next;
  }

  /** What is there after a request; null if it cannot have been answered like that. */
  private static @Nullable Map<String, String> after(Request request, Map<String, String> state) {
    Map<String, String> changed = null;
    for (Step step : request.steps()) {
      String value = Objects.requireNonNullElse(changed, state).get(step.key());
      boolean isAnswered = request.isOk() || step.kind() != Kind.READ;
      if (isAnswered && !Register.isPossible(step, value)) {
        return null;
      }
      if (!step.kind().isRead()) {
        changed = changed == null ? new HashMap<>(state) : changed;
        String next = Register.after(step, value);
        if (next == null) {
          changed.remove(step.key());
        } else {
          changed.put(step.key(), next);
        }
      }
    }
    return changed == null ? state : changed;
  }
}
