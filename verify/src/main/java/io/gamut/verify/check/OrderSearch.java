package io.gamut.verify.check;

import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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
 * what it does, and beyond that the answer is that there is none.
 *
 * <p>What is weak, and what has no answer, may be put anywhere after what its session did before
 * it, or left out. Left out from the beginning is what writes nothing that anybody has met: an
 * order with such a write in it is one without it too. The rest is tried
 *
 * <ol>
 *   <li>what only reads, and can be answered like that now: it is in nobody's way, so nothing else
 *       has to be tried in its place;
 *   <li>then what has to be put, in the order of invocation;
 *   <li>then what need not, first what writes a value that something waits for;
 *   <li>at last what would be out of the order of real time, where that is allowed: servers do
 *       mostly what is right, and in that order.
 * </ol>
 *
 * <p>Nothing is put that overwrites the last chance of another to meet what it has met ({@link
 * Demand}).
 */
final class OrderSearch {
  /** Requests that are searched for an order. */
  static final int REQUESTS_MAX = 100_000;

  /** Looks at requests, and at what is compared for them; some ten seconds. */
  private static final long WORK_MAX = 100_000_000;

  /** An entry of a set, a configuration without what is done, and a frame. */
  private static final int CONFIGURATION_BYTES = 160;

  /** Characters that are copied and hashed while a request is looked at. */
  private static final int CHARACTERS_OF_WORK = 4;

  /** Of those that may be put next. */
  private static final int RANKS = 4;

  private static final int NONE = -1;

  /** What an order has to agree with. */
  private enum Order {
    REAL_TIME,
    SESSIONS,
    BOTH
  }

  /** What was done, and what is there. */
  private record Configuration(Marks.Snapshot done, Registers state) {}

  /** What was put where this state was, and whether something else may be put in its place. */
  private record Frame(int placed, Registers state, boolean isForced) {}

  private final List<Request> requests = new ArrayList<>();
  private final Map<String, Integer> keys = new HashMap<>();
  private final int requiredCount;
  private final String promise;
  private final Order order;
  private final Demand demand;
  private final OrderCandidates candidates;
  private final Marks required;
  private final Marks optional;
  private final Set<Configuration> seen = new HashSet<>();
  private final ArrayDeque<Frame> path = new ArrayDeque<>();
  private Registers state;
  private long work;
  private long bytes;

  /** What the state takes that was made last. */
  private long bytesChanged;

  private int deepest = NONE;
  private List<Operation> stuck = List.of();

  private OrderSearch(List<Request> required, List<Request> optional, String promise, Order order) {
    this.order = order;
    demand = new Demand(required, optional);
    this.promise = promise;
    requests.addAll(required);
    requests.addAll(optional);
    requiredCount = required.size();
    candidates = new OrderCandidates(requests, requiredCount, order == Order.REAL_TIME);
    this.required = new Marks(required.size());
    this.optional = new Marks(optional.size());
    for (Request request : requests) {
      request.steps().forEach(step -> keys.putIfAbsent(step.key(), keys.size()));
    }
    state = Registers.absent(keys.size());
  }

  /**
   * Looks for one that agrees with real time.
   *
   * @param gap why it has to be searched for
   */
  static Verdict inRealTime(History history, String promise, String gap, long bytesMax) {
    return search(history, promise, gap, bytesMax, List.of(Order.REAL_TIME));
  }

  /**
   * Looks for one that agrees with the order of each session. Servers do mostly what is right, and
   * in real time: so first for one that agrees with both, which is found much faster.
   *
   * @param gap why it has to be searched for
   */
  static Verdict inSessions(History history, String promise, String gap, long bytesMax) {
    return search(history, promise, gap, bytesMax, List.of(Order.BOTH, Order.SESSIONS));
  }

  private static Verdict search(
      History history, String promise, String gap, long bytesMax, List<Order> orders) {
    List<Request> required = new ArrayList<>();
    List<Request> optional = new ArrayList<>();
    for (Request request : history.requests()) {
      boolean isStrong = !request.level().isWeak() || Steps.needsTheLedger(request);
      if (request.outcome() != Outcome.FAILED) {
        if (isStrong && request.isOk()) {
          required.add(request);
        } else if (!request.isRead()) {
          optional.add(request);
        }
      }
    }
    if (hasLives(required) || hasLives(optional)) {
      return new Verdict.Unknown(gap + "; and a search knows nothing of lives");
    }
    Demand.removeUnmet(required, optional);
    int count = required.size() + optional.size();
    if (count > REQUESTS_MAX) {
      return new Verdict.Unknown(
          "%s; and %d requests are too many to search, the most is %d"
              .formatted(gap, count, REQUESTS_MAX));
    }
    Verdict verdict = new Verdict.Holds();
    for (Order order : orders) {
      verdict =
          new OrderSearch(required, optional, promise, order)
              .search(gap, bytesMax, WORK_MAX / orders.size());
      if (verdict instanceof Verdict.Holds) {
        break;
      }
    }
    return verdict;
  }

  private static boolean hasLives(List<Request> some) {
    return some.stream()
        .anyMatch(request -> request.steps().stream().anyMatch(step -> step.lifeNanos() > 0));
  }

  private Verdict search(String gap, long bytesMax, long workMax) {
    int last = NONE;
    boolean isNew = true;
    while (required.count() < requiredCount) {
      if (bytes > bytesMax || work > workMax) {
        return new Verdict.Unknown(
            "%s; and a search has ended after %d configurations".formatted(gap, seen.size()));
      }
      if (isNew && putRead()) {
        continue;
      }
      isNew = (!isNew || isFirstHere()) && putAfter(last);
      last = NONE;
      if (isNew) {
        continue;
      }
      noteDepth();
      Frame frame;
      do {
        if (path.isEmpty()) {
          return new Verdict.Violated(List.of(violation()));
        }
        frame = path.pop();
        takeBack(frame);
      } while (frame.isForced);
      last = frame.placed;
    }
    return new Verdict.Holds();
  }

  /** Whether it was never here before, with the same done and the same left. */
  private boolean isFirstHere() {
    Marks.Snapshot done = required.snapshot(optional);
    boolean isFirst = seen.add(new Configuration(done, state));
    if (isFirst) {
      bytes += CONFIGURATION_BYTES + done.bytes() + bytesChanged;
    }
    work += 16 + done.bytes() / Long.BYTES;
    return isFirst;
  }

  // Putting requests into the order

  private boolean putRead() {
    for (int next : next()) {
      if (next < requiredCount && requests.get(next).isRead() && after(next) != null) {
        put(next, state, true);
        return true;
      }
    }
    return false;
  }

  /** Puts the next that can be, behind the one that was tried last; none if there is none. */
  private boolean putAfter(int last) {
    int[] next = inOrder(next());
    int from = 0;
    if (last != NONE) {
      while (next[from++] != last) {
        work++;
      }
    }
    for (int i = from; i < next.length; i++) {
      Registers changed = after(next[i]);
      if (changed != null) {
        put(next[i], changed, false);
        if (!isLost(next[i])) {
          return true;
        }
        takeBack(path.pop());
      }
    }
    return false;
  }

  /** Whether a request has overwritten what somebody still has to meet, and nobody can any more. */
  private boolean isLost(int last) {
    Registers before = path.getFirst().state;
    for (Step step : requests.get(last).steps()) {
      int key = keys.getOrDefault(step.key(), NONE);
      String value = before.get(key);
      work++;
      if (!Objects.equals(value, state.get(key)) && demand.isMissed(step.key(), value)) {
        return true;
      }
    }
    return false;
  }

  private int[] next() {
    int[] next = candidates.next();
    work += candidates.lanes() + 2L * next.length;
    if (order != Order.BOTH) {
      return next;
    }
    long window = window(next);
    return Arrays.stream(next)
        .filter(i -> requests.get(i).invoked() <= window || Steps.mayReadThePast(requests.get(i)))
        .toArray();
  }

  /** When the first ends of those that have to be put: of each session its next is among them. */
  private long window(int[] next) {
    long window = Long.MAX_VALUE;
    for (int i = 0; i < next.length && next[i] < requiredCount; i++) {
      window = Math.min(window, requests.get(next[i]).responded());
    }
    return window;
  }

  /** As it is told above; within the same rank as it was. */
  private int[] inOrder(int[] next) {
    long window = window(next);
    Set<Demand.Value> awaited = new HashSet<>();
    for (int i = 0; i < next.length && next[i] < requiredCount; i++) {
      Request request = requests.get(next[i]);
      for (Step step : request.steps()) {
        work++;
        Demand.Value value = Demand.awaited(step);
        if (value != null) {
          awaited.add(value);
        }
      }
    }
    byte[] ranks = new byte[next.length];
    int[] behind = new int[RANKS + 1];
    for (int i = 0; i < next.length; i++) {
      work++;
      ranks[i] = rank(next[i], window, awaited);
      behind[ranks[i] + 1]++;
    }
    for (int rank = 1; rank < RANKS; rank++) {
      behind[rank] += behind[rank - 1];
    }
    int[] ordered = new int[next.length];
    for (int i = 0; i < next.length; i++) {
      ordered[behind[ranks[i]]++] = next[i];
    }
    return ordered;
  }

  private byte rank(int number, long window, Set<Demand.Value> awaited) {
    Request request = requests.get(number);
    if (request.invoked() > window) {
      return RANKS - 1;
    }
    return (byte) (number < requiredCount ? 0 : isAwaited(request, awaited) ? 1 : 2);
  }

  private static boolean isAwaited(Request request, Set<Demand.Value> awaited) {
    return request.steps().stream()
        .anyMatch(step -> !step.kind().isRead() && awaited.contains(Demand.written(step)));
  }

  private void put(int request, Registers changed, boolean isForced) {
    path.push(new Frame(request, state, isForced));
    candidates.put(request);
    demand.count(requests.get(request), request < requiredCount, -1);
    work += 8L * requests.get(request).steps().size();
    if (request < requiredCount) {
      required.set(request);
    } else {
      optional.set(request - requiredCount);
    }
    state = changed;
  }

  private void takeBack(Frame frame) {
    candidates.takeBack(frame.placed);
    demand.count(requests.get(frame.placed), frame.placed < requiredCount, 1);
    if (frame.placed < requiredCount) {
      required.clear(frame.placed);
    } else {
      optional.clear(frame.placed - requiredCount);
    }
    state = frame.state;
  }

  /** What is there after a request; null if it cannot have been answered like that. */
  private @Nullable Registers after(int number) {
    Request request = requests.get(number);
    Registers changed = state;
    bytesChanged = 0;
    for (Step step : request.steps()) {
      work++;
      int key = keys.getOrDefault(step.key(), NONE);
      String value = changed.get(key);
      if (step.kind() == Kind.APPEND) {
        work += (value == null ? 0 : value.length()) / CHARACTERS_OF_WORK;
      }
      boolean isAnswered = request.isOk() || step.kind() != Kind.READ;
      if (isAnswered && !Register.isPossible(step, value)) {
        return null;
      }
      if (!step.kind().isRead()) {
        String next = Register.after(step, value);
        changed = changed.with(key, next);
        work++;
        bytesChanged += changed.bytesOfChange() + Register.bytesMade(step, next);
      }
    }
    return changed;
  }

  // Explaining

  /** What is in the way where most is explained explains best. */
  private void noteDepth() {
    if (path.size() > deepest) {
      deepest = path.size();
      List<Operation> next = new ArrayList<>();
      int at = required.firstClear();
      while (at < requiredCount && next.size() < Violation.SHOWN_MAX) {
        if (!required.get(at)) {
          Request request = requests.get(at);
          request.steps().forEach(step -> next.add(new Operation(request, step)));
        }
        work++;
        at++;
      }
      stuck = next;
    }
  }

  private Violation violation() {
    return new Violation(
        promise, "no order explains these, with %d requests before them".formatted(deepest), stuck);
  }
}
