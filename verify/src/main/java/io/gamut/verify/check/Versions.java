package io.gamut.verify.check;

import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether versions are names: per key one for each write, whoever reads it, and none for two; and
 * whether every value that was read, at whatever level, was written: by a write that had begun and
 * had not failed. The values of counters are left out.
 */
public final class Versions {
  static final String PROMISE = "versions";

  private Versions() {}

  /** Judges a history. */
  public static Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    for (List<Operation> ofKey : history.byKey().values()) {
      checkKey(ofKey, violations);
      if (ofKey.stream().noneMatch(Versions::hasUnnamedValues)) {
        checkValues(ofKey, violations);
      }
    }
    return Verdict.of(violations);
  }

  private static boolean hasUnnamedValues(Operation operation) {
    return operation.kind() == Kind.ADD || operation.kind() == Kind.APPEND;
  }

  private static void checkValues(List<Operation> operations, List<Violation> violations) {
    Map<String, Operation> writes = new HashMap<>();
    for (Operation operation : operations) {
      if (operation.kind().writesValue() && operation.value() != null) {
        Operation same = writes.get(operation.value());
        if (same == null || same.outcome() == Outcome.FAILED) {
          writes.put(operation.value(), operation);
        }
      }
    }
    for (Operation read : operations) {
      if (read.isRead() && read.isOk() && read.value() != null) {
        Operation write = writes.get(read.value());
        if (write == null
            || write.outcome() == Outcome.FAILED
            || write.invoked() > read.responded()) {
          violations.add(
              new Violation(
                  PROMISE,
                  "a value was read that nobody can have written",
                  write == null ? List.of(read) : List.of(write, read)));
        }
      }
    }
  }

  private static void checkKey(List<Operation> operations, List<Violation> violations) {
    boolean isNamedByValue = hasUniqueValues(operations);
    boolean isExpiring =
        operations.stream().anyMatch(operation -> operation.step().lifeNanos() > 0);
    Map<String, Operation> byValue = new HashMap<>();
    Map<Version, Operation> byVersion = new HashMap<>();
    for (Operation operation : operations) {
      Version version = operation.version();
      boolean isExpired = isExpiring && operation.value() == null;
      boolean hasNoValue = operation.kind() == Kind.APPEND || operation.kind() == Kind.MISMATCH;
      if (!operation.isOk() || version == null || isExpired || hasNoValue) {
        continue;
      }
      Operation sameVersion = byVersion.putIfAbsent(version, operation);
      Operation sameValue =
          operation.value() == null || !isNamedByValue
              ? null
              : byValue.putIfAbsent(operation.value(), operation);
      if (isOther(sameVersion, operation) || isOther(sameValue, operation)) {
        Operation first = isOther(sameVersion, operation) ? sameVersion : sameValue;
        violations.add(
            new Violation(
                PROMISE,
                "one version stands for two values, or one value has two versions",
                first == null ? List.of(operation) : List.of(first, operation)));
      }
    }
  }

  private static boolean hasUniqueValues(List<Operation> operations) {
    Set<String> written = new HashSet<>();
    return operations.stream()
        .filter(operation -> !operation.isRead() && operation.value() != null)
        .allMatch(operation -> written.add(operation.value()));
  }

  private static boolean isOther(@Nullable Operation first, Operation second) {
    return first != null
        && !(Objects.equals(first.value(), second.value())
            && Objects.equals(first.version(), second.version()));
  }
}
