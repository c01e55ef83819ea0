package io.gamut.verify.check;

import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whether the steps of each strong request agree with each other: a read meets what the request
 * wrote before it, what it read before it, and nothing that it writes only later (Elle calls this
 * internal consistency). Of O(n) steps.
 */
final class Internals {
  private final Map<String, String> known = new HashMap<>();
  private final Set<String> isKnown = new HashSet<>();
  private final Map<String, Set<Version>> unwritten = new HashMap<>();

  private Internals() {}

  static List<Violation> check(History history, String promise) {
    List<Violation> violations = new ArrayList<>();
    for (Request request : history.requests()) {
      if (request.steps().size() > 1 && request.isOk() && !request.level().isWeak()) {
        for (Step wrong : new Internals().wrong(request)) {
          violations.add(
              new Violation(
                  promise,
                  "internal: it has met something else than its own request says",
                  List.of(new Operation(request, wrong))));
        }
      }
    }
    return violations;
  }

  private List<Step> wrong(Request request) {
    List<Step> wrong = new ArrayList<>();
    for (Step step : request.steps()) {
      if (!step.kind().isRead() && step.version() != null) {
        unwritten.computeIfAbsent(step.key(), _ -> new HashSet<>()).add(step.version());
      }
    }
    for (Step step : request.steps()) {
      if (step.kind() == Kind.READ && !isPossible(step)) {
        wrong.add(step);
      }
      follow(step);
    }
    return wrong;
  }

  private boolean isPossible(Step read) {
    if (isKnown.contains(read.key())) {
      return Objects.equals(known.get(read.key()), read.value());
    }
    Set<Version> later = unwritten.getOrDefault(read.key(), Set.of());
    return read.version() == null || !later.contains(read.version());
  }

  private void follow(Step step) {
    if (step.version() != null && !step.kind().isRead()) {
      unwritten.getOrDefault(step.key(), new HashSet<>()).remove(step.version());
    }
    switch (step.kind()) {
      case READ, WRITE, COMPARE_AND_SET, DELETE -> {
        known.put(step.key(), step.value());
        isKnown.add(step.key());
      }
      case ADD -> {
        if (step.value() == null) {
          isKnown.remove(step.key());
        } else {
          known.put(step.key(), step.value());
          isKnown.add(step.key());
        }
      }
      case APPEND -> isKnown.remove(step.key());
      case MISMATCH -> {
        // It says what is not there.
      }
    }
  }
}
