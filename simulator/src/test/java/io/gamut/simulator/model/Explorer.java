package io.gamut.simulator.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state of a scope, breadth first, so that the first violation found has a shortest
 * path. States are told apart by their whole key, not by a hash.
 */
final class Explorer {
  /**
   * @param violation what was broken first, with the path that led there; null if nothing was
   */
  record Result(Scope scope, int states, @Nullable String violation) {}

  private final Scope scope;
  private final State.Numbers numbers = new State.Numbers();
  private final LedgerSteps ledgerSteps;
  private final SessionSteps sessionSteps;
  private final Judge judge;
  private final State start;

  private final Map<String, Integer> known = new HashMap<>();
  private final List<String> keys = new ArrayList<>();
  private int[] parents = new int[1024];
  private List<State> frontier = new ArrayList<>();
  private int expanding;
  private boolean isProgressPossible;
  private @Nullable String violation;

  private Explorer(Scope scope, Fault fault) {
    this.scope = scope;
    View view = new View(fault);
    ledgerSteps = new LedgerSteps(scope, fault, view, numbers);
    sessionSteps = new SessionSteps(scope, fault, view, numbers);
    judge = new Judge(view);
    Committed empty = new Committed(fault, scope.replicas(), scope.scripts().size());
    start = new State(scope, new Prefix(empty));
  }

  static Result explore(Scope scope, Fault fault) {
    return new Explorer(scope, fault).run();
  }

  private Result run() {
    visit(start, "", () -> "", null);
    int first = 0;
    while (violation == null && !frontier.isEmpty()) {
      List<State> level = frontier;
      frontier = new ArrayList<>();
      for (int i = 0; i < level.size() && violation == null; i++) {
        expand(level.get(i), first + i);
      }
      first += level.size();
    }
    return new Result(scope, keys.size(), violation);
  }

  private void expand(State state, int number) {
    expanding = number;
    isProgressPossible = false;
    Steps steps =
        (next, what, isProgress, broken) -> {
          isProgressPossible |= isProgress;
          if (violation == null) {
            visit(next, next.key(numbers), what, broken);
          }
        };
    ledgerSteps.addTo(steps, state);
    boolean isStuck = sessionSteps.addTo(steps, state);
    if (violation == null && !isProgressPossible) {
      String broken = judge.brokenInTheEnd(state, isStuck);
      if (broken != null) {
        violation = report(broken, number, null);
      }
    }
  }

  private void visit(State next, String key, Supplier<String> what, @Nullable String broken) {
    boolean isNew = known.putIfAbsent(key, keys.size()) == null;
    if (isNew) {
      if (keys.size() == parents.length) {
        parents = Arrays.copyOf(parents, 2 * parents.length);
      }
      parents[keys.size()] = expanding;
      keys.add(key);
      frontier.add(next);
    }
    String found = broken == null && isNew ? judge.broken(next) : broken;
    if (found != null) {
      violation = report(found, expanding, what.get());
    }
  }

  private String report(String broken, int number, @Nullable String lastStep) {
    List<Integer> path = new ArrayList<>();
    for (int n = number; n != 0; n = parents[n]) {
      path.add(0, n);
    }
    StringBuilder text = new StringBuilder(scope.name() + ": " + broken);
    State[] at = {start};
    for (int n : path) {
      String key = keys.get(n);
      State from = at[0];
      String[] said = new String[1];
      Steps steps =
          (next, what, _, _) -> {
            if (said[0] == null && next.key(numbers).equals(key)) {
              said[0] = what.get();
              at[0] = next;
            }
          };
      ledgerSteps.addTo(steps, from);
      sessionSteps.addTo(steps, from);
      text.append("\n  ").append(said[0]);
    }
    if (lastStep != null) {
      text.append("\n  ").append(lastStep);
    }
    return text.append("\n  after ").append(keys.size()).append(" states").toString();
  }
}
