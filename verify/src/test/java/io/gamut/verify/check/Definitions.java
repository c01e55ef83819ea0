package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What the checkers decide, as it is defined: by trying every order. */
final class Definitions {
  private final List<Request> requests;
  private final List<Request> done = new ArrayList<>();
  private final BiPredicate<Request, Request> isBefore;
  private final boolean byVersion;

  private Definitions(
      List<Request> requests, BiPredicate<Request, Request> isBefore, boolean byVersion) {
    this.requests = requests;
    this.isBefore = isBefore;
    this.byVersion = byVersion;
  }

  /** Whether there is an order of all strong requests, and of any others, as it should be. */
  private static boolean isOrderable(
      History history, BiPredicate<Request, Request> isBefore, boolean byVersion) {
    List<Request> taken = new ArrayList<>();
    for (Request request : history.requests()) {
      if (request.outcome() != Outcome.FAILED && (isRequired(request) || !request.isRead())) {
        taken.add(request);
      }
    }
    return new Definitions(taken, isBefore, byVersion).extend(Map.of());
  }

  /** Strict serializability, or linearizability where each request has one step. */
  static boolean isStrictlySerializable(History history, boolean byVersion) {
    return isOrderable(
        history,
        (one, other) ->
            one.responded() < other.invoked()
                && (other.level() == Consistency.LINEARIZABLE || !other.isRead()),
        byVersion);
  }

  static boolean isSequential(History history, boolean byVersion) {
    return isOrderable(
        history,
        (one, other) -> one.session() == other.session() && one.invoked() < other.invoked(),
        byVersion);
  }

  private static boolean isRequired(Request request) {
    return request.isOk()
        && (!request.level().isWeak()
            || request.steps().stream()
                .anyMatch(step ->
                    step.kind() != Kind.READ
                        && step.kind() != Kind.WRITE
                        && step.kind() != Kind.DELETE));
  }

  private boolean extend(Map<String, String> state) {
    if (requests.stream().allMatch(each -> done.contains(each) || !isRequired(each))) {
      return true;
    }
    for (Request next : requests) {
      Map<String, String> after =
          done.contains(next) || !mayFollow(next) ? null : after(next, state);
      if (after != null) {
        done.add(next);
        boolean isFound = extend(after);
        done.removeLast();
        if (isFound) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean mayFollow(Request next) {
    for (Request other : requests) {
      if (!done.contains(other) && isRequired(other) && isBefore.test(other, next)) {
        return false;
      }
    }
    return !byVersion || done.stream().allMatch(before -> versionsRise(before, next));
  }

  private boolean versionsRise(Request before, Request next) {
    for (Step one : before.steps()) {
      for (Step other : next.steps()) {
        Version first = version(before, one);
        Version second = version(next, other);
        if (one.key().equals(other.key())
            && first != null
            && second != null
            && first.isAfter(second)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Of a write; if its answer was lost, from a read of its value. */
  private @Nullable Version version(Request request, Step step) {
    if (step.kind().isRead() || step.version() != null || step.value() == null) {
      return step.kind().isRead() ? null : step.version();
    }
    for (Request other : requests) {
      for (Step read : other.steps()) {
        if (request.number() != other.number()
            && read.kind() == Kind.READ
            && read.key().equals(step.key())
            && step.value().equals(read.value())
            && read.version() != null) {
          return read.version();
        }
      }
    }
    return null;
  }

  private static @Nullable Map<String, String> after(Request request, Map<String, String> state) {
    Map<String, String> after = new HashMap<>(state);
    for (Step step : request.steps()) {
      String held = after.get(step.key());
      String next = held;
      switch (step.kind()) {
        case READ -> {
          if (request.isOk() && !Objects.equals(held, step.value())) {
            return null;
          }
        }
        case MISMATCH -> {
          if (Objects.equals(held, step.argument())) {
            return null;
          }
        }
        case COMPARE_AND_SET -> {
          if (!Objects.equals(held, step.argument())) {
            return null;
          }
          next = step.value();
        }
        case WRITE -> next = step.value();
        case DELETE -> next = null;
        case ADD -> {
          next =
              held == null ? "1" : held.matches("\\d+") ? "" + (Integer.parseInt(held) + 1) : null;
          if (next == null || (step.value() != null && !step.value().equals(next))) {
            return null;
          }
        }
        case APPEND -> next = (held == null ? "" : held) + step.argument();
      }
      after.put(step.key(), next);
    }
    return after;
  }

  // Causal convergence

  /**
   * Whether there is one order of all operations that causal order is part of, in which each read
   * meets the last write of its key among its causes (Bouajjani et al., POPL 2017, section 3.3).
   */
  static boolean isCausallyConvergent(History history, boolean byVersion) {
    List<Operation> operations = new ArrayList<>();
    for (Operation operation : history.operations()) {
      if (Causality.isJudged(operation)) {
        operations.add(operation);
      }
    }
    boolean[][] causes = causes(operations);
    if (causes == null) {
      return false;
    }
    return arbitrate(operations, causes, byVersion, new ArrayList<>());
  }

  private static boolean @Nullable [][] causes(List<Operation> operations) {
    int count = operations.size();
    boolean[][] causes = new boolean[count][count];
    for (int i = 0; i < count; i++) {
      Operation later = operations.get(i);
      boolean isMet = !later.isRead() || isInitial(later);
      for (int j = 0; j < count; j++) {
        Operation earlier = operations.get(j);
        boolean isInSession =
            earlier.session() == later.session()
                && earlier.invoked() < later.invoked()
                && earlier.isOk()
                && earlier.isAtLeast(Consistency.CAUSAL)
                && later.isAtLeast(Consistency.CAUSAL);
        boolean isRead = isMetBy(earlier, later);
        isMet |= isRead;
        causes[j][i] = isInSession || isRead;
      }
      if (!isMet) {
        return null;
      }
    }
    for (int k = 0; k < count; k++) {
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          causes[i][j] |= causes[i][k] && causes[k][j];
        }
      }
    }
    for (int i = 0; i < count; i++) {
      if (causes[i][i]) {
        return null;
      }
    }
    return causes;
  }

  private static boolean arbitrate(
      List<Operation> operations, boolean[][] causes, boolean byVersion, List<Integer> order) {
    if (order.size() == operations.size()) {
      return true;
    }
    for (int next = 0; next < operations.size(); next++) {
      if (!order.contains(next) && isNext(next, operations, causes, byVersion, order)) {
        order.add(next);
        if (arbitrate(operations, causes, byVersion, order)) {
          return true;
        }
        order.removeLast();
      }
    }
    return false;
  }

  private static boolean isNext(
      int next,
      List<Operation> operations,
      boolean[][] causes,
      boolean byVersion,
      List<Integer> order) {
    Operation operation = operations.get(next);
    Operation met = null;
    for (int i = 0; i < operations.size(); i++) {
      if (causes[i][next] && !order.contains(i)) {
        return false;
      }
    }
    for (int before : order) {
      Operation earlier = operations.get(before);
      if (!earlier.isRead() && earlier.key().equals(operation.key())) {
        if (causes[before][next]) {
          met = earlier;
        }
        if (byVersion && !operation.isRead() && isLater(earlier, operation, operations)) {
          return false;
        }
      }
    }
    if (!operation.isRead()) {
      return true;
    }
    // Without versions a read of absence may have met any delete.
    return met == null
        ? isInitial(operation)
        : isMetBy(met, operation)
            || (isInitial(operation) && !byVersion && met.kind() == Kind.DELETE);
  }

  private static boolean isInitial(Operation read) {
    return read.value() == null && read.version() == null;
  }

  /** A value names a write, and so does the version of a delete. */
  private static boolean isMetBy(Operation write, Operation read) {
    return read.isRead()
        && !write.isRead()
        && write.key().equals(read.key())
        && !isInitial(read)
        && (read.value() == null
            ? write.kind() == Kind.DELETE && Objects.equals(read.version(), write.version())
            : read.value().equals(write.value()));
  }

  private static boolean isLater(Operation one, Operation other, List<Operation> operations) {
    Version first = version(one, operations);
    Version second = version(other, operations);
    return first != null && second != null && first.isAfter(second);
  }

  private static @Nullable Version version(Operation write, List<Operation> operations) {
    if (write.version() != null || write.value() == null) {
      return write.version();
    }
    return operations.stream()
        .filter(each -> each.isRead() && each.key().equals(write.key()))
        .filter(each -> write.value().equals(each.value()))
        .map(Operation::version)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
