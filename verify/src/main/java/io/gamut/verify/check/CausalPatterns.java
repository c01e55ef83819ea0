package io.gamut.verify.check;

import io.gamut.verify.check.Digraph.Edge;
import io.gamut.verify.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bad patterns of causal convergence where no versions tell the order of writes (Bouajjani et
 * al., POPL 2017, section 4): by vector clocks, which say of any two operations whether one causes
 * the other.
 *
 * <p>A chain is a session, or a single write that its session goes on without. For c chains this
 * takes O(c n) steps, and as much memory: of two writes of a chain at one key only the later one
 * needs to be looked at.
 */
final class CausalPatterns {
  /** Entries of clocks that are held at a time: 400 MB, beside the history in a heap of 1 GiB. */
  private static final long ENTRIES_MAX = 100_000_000;

  private static final int CIRCLES_MAX = 3;
  private static final int NONE = CausalOrder.NONE;

  private final CausalOrder order;
  private final int[] chains;
  private final int[] places;
  private final int[][] clocks;

  /** Per key, per chain, its writes with their places. */
  private final Map<String, Map<Integer, List<Integer>>> writes = new HashMap<>();

  private final List<Violation> violations = new ArrayList<>();
  private int chainCount;

  private CausalPatterns(CausalOrder order) {
    this.order = order;
    chains = new int[order.size()];
    places = new int[order.size()];
    clocks = new int[order.size()][];
  }

  static Verdict check(CausalOrder order) {
    CausalPatterns patterns = new CausalPatterns(order);
    patterns.number();
    if ((long) patterns.chainCount * order.size() > ENTRIES_MAX) {
      return new Verdict.Unknown(
          "%d chains times %d operations are too much"
              .formatted(patterns.chainCount, order.size()));
    }
    patterns.clock();
    patterns.look();
    return Verdict.of(patterns.violations);
  }

  private void number() {
    Map<Integer, Integer> ofSession = new HashMap<>();
    Map<Integer, Integer> lengths = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      Operation operation = order.operation(i);
      int chain =
          order.isBinding(i)
              ? ofSession.computeIfAbsent(operation.session(), _ -> chainCount++)
              : chainCount++;
      chains[i] = chain;
      places[i] = lengths.merge(chain, 1, Integer::sum);
      if (!operation.isRead()) {
        writes
            .computeIfAbsent(operation.key(), _ -> new HashMap<>())
            .computeIfAbsent(chain, _ -> new ArrayList<>())
            .add(i);
      }
    }
  }

  /** Per operation and chain, how far the chain is among its causes, itself included. */
  private void clock() {
    for (int i : order.sorted()) {
      int[] clock = null;
      for (int cause : order.causes(i)) {
        if (cause != NONE) {
          clock = clock == null ? clocks[cause].clone() : join(clock, clocks[cause]);
        }
      }
      clock = clock == null ? new int[chainCount] : clock;
      clock[chains[i]] = Math.max(clock[chains[i]], places[i]);
      clocks[i] = clock;
    }
  }

  private static int[] join(int[] one, int[] other) {
    for (int i = 0; i < one.length; i++) {
      one[i] = Math.max(one[i], other[i]);
    }
    return one;
  }

  private boolean isCause(int one, int other) {
    return one != other && clocks[other][chains[one]] >= places[one];
  }

  private void look() {
    Digraph conflicts = order.graph();
    for (int i = 0; i < order.size(); i++) {
      Operation read = order.operation(i);
      if (!read.isRead()) {
        continue;
      }
      int source = order.causes(i)[1];
      if (source == NONE && !order.isInitial(i)) {
        continue;
      }
      for (List<Integer> ofChain : writes.getOrDefault(read.key(), Map.of()).values()) {
        int last = lastCause(ofChain, i);
        if (last == NONE || last == source) {
          continue;
        }
        if (source == NONE) {
          report("WriteCOInitRead: it has met nothing, where a cause of it had written", last, i);
        } else if (isCause(source, last)) {
          report("WriteCORead: it has met what a cause of it had overwritten", last, i);
        } else {
          conflicts.addEdge(last, source, Dependencies.WW);
        }
      }
    }
    if (violations.isEmpty()) {
      for (List<Edge> circle : conflicts.circles(CIRCLES_MAX)) {
        violations.add(
            new Violation(
                Causality.PROMISE,
                "CyclicCF: reads show conflicting writes in orders that contradict causal order",
                circle.stream()
                    .limit(Violation.SHOWN_MAX)
                    .map(edge -> order.operation(edge.from()))
                    .toList()));
      }
    }
  }

  /** The last write of a chain that is a cause of an operation. */
  private int lastCause(List<Integer> ofChain, int number) {
    int known = clocks[number][chains[ofChain.getFirst()]];
    int from = 0;
    int to = ofChain.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (places[ofChain.get(middle)] <= known) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from == 0 ? NONE : ofChain.get(from - 1);
  }

  private void report(String pattern, int write, int read) {
    violations.add(
        new Violation(Causality.PROMISE, pattern, order.pathFrom(read, i -> i == write)));
  }
}
