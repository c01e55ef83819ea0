package io.gamut.verify.check;

import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether versions are names: per key one for each write, whoever reads it, and none for two; and
 * whether every value that was read, at whatever level, or is shown by a replica in the end, was
 * written: by a write that had begun and had not failed. The values of counters are left out.
 */
public final class Versions {
  static final String PROMISE = "versions";

  private static final String TWO_NAMES =
      "one version stands for two values, or one value has two versions";

  private final String key;
  private final List<Operation> operations;
  private final Map<Integer, Shown> ends;
  private final List<Violation> violations;
  private final boolean isNamedByValue;
  private final boolean isExpiring;

  private Versions(
      String key,
      List<Operation> operations,
      Map<Integer, Shown> ends,
      List<Violation> violations) {
    this.key = key;
    this.operations = operations;
    this.ends = ends;
    this.violations = violations;
    isNamedByValue = Writes.of(operations).at(key).isEachValueAName();
    isExpiring = operations.stream().anyMatch(Steps::isExpiring);
  }

  /** Judges a history. */
  public static Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    Map<String, List<Operation>> byKey = history.byKey();
    TreeSet<String> keys = new TreeSet<>(byKey.keySet());
    history.ends().values().forEach(pairs -> keys.addAll(pairs.keySet()));
    for (String key : keys) {
      Map<Integer, Shown> ends = new TreeMap<>();
      history
          .ends()
          .forEach((replica, pairs) -> {
            Shown shown = pairs.get(key);
            if (shown != null) {
              ends.put(replica, shown);
            }
          });
      List<Operation> ofKey = byKey.getOrDefault(key, List.of());
      Versions versions = new Versions(key, ofKey, ends, violations);
      versions.checkNames();
      if (ofKey.stream().noneMatch(Versions::hasUnnamedValues)) {
        versions.checkValues();
      }
    }
    return Verdict.of(violations);
  }

  /** How many operations it weighs: those that tell a version, or have read a value. */
  static long judged(History history) {
    return history.operations().stream()
        .filter(each ->
            each.isOk() && (each.version() != null || (each.isRead() && each.value() != null)))
        .count();
  }

  private static boolean hasUnnamedValues(Operation operation) {
    return operation.kind() == Kind.ADD || operation.kind() == Kind.APPEND;
  }

  // Values

  private void checkValues() {
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
          report(
              "a value was read that nobody can have written",
              write == null ? List.of(read) : List.of(write, read));
        }
      }
    }
    ends.forEach((replica, shown) -> {
      Operation write = shown.value() == null ? null : writes.get(shown.value());
      if (shown.value() != null && (write == null || write.outcome() == Outcome.FAILED)) {
        report(
            "a value is shown in the end that nobody can have written: " + words(replica, shown),
            write == null ? List.of() : List.of(write));
      }
    });
  }

  private String words(int replica, Shown shown) {
    return "%s = %s at replica %d".formatted(key, shown.value(), replica);
  }

  // Versions

  private void checkNames() {
    Map<String, Operation> byValue = new HashMap<>();
    Map<Version, Operation> byVersion = new HashMap<>();
    for (Operation operation : operations) {
      Version version = operation.version();
      if (!operation.isOk() || version == null || !saysValue(operation)) {
        continue;
      }
      Shown named = new Shown(operation.value(), version);
      Operation sameVersion = byVersion.putIfAbsent(version, operation);
      Operation sameValue =
          operation.value() == null || !isNamedByValue
              ? null
              : byValue.putIfAbsent(operation.value(), operation);
      Operation other = isOther(sameVersion, named) ? sameVersion : sameValue;
      if (isOther(other, named)) {
        report(TWO_NAMES, List.of(Objects.requireNonNull(other), operation));
      }
    }
    ends.forEach((replica, shown) -> {
      if (shown.version() != null && !isExpired(shown.value())) {
        Operation sameVersion = byVersion.get(shown.version());
        Operation sameValue =
            shown.value() == null || !isNamedByValue ? null : byValue.get(shown.value());
        Operation other = isOther(sameVersion, shown) ? sameVersion : sameValue;
        if (isOther(other, shown)) {
          report(TWO_NAMES + ": " + words(replica, shown), List.of(Objects.requireNonNull(other)));
        }
      }
    });
  }

  /** Whether its version stands for its value: it does not where it says none. */
  private boolean saysValue(Operation operation) {
    return operation.kind() != Kind.MISMATCH
        && Steps.saysItsValue(operation)
        && !isExpired(operation.value());
  }

  private boolean isExpired(@Nullable String value) {
    return isExpiring && value == null;
  }

  private static boolean isOther(@Nullable Operation first, Shown second) {
    return first != null
        && !(Objects.equals(first.value(), second.value())
            && Objects.equals(first.version(), second.version()));
  }

  private void report(String what, List<Operation> shown) {
    violations.add(new Violation(PROMISE, what, shown));
  }
}
