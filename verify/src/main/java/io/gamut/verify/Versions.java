package io.gamut.verify;

import io.gamut.core.Version;
import io.gamut.verify.Operation.Kind;
import io.gamut.verify.Operation.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether versions are names: per key one for each write, whoever reads it, and none for two; and
 * whether every value that was read, at whatever level, was written: by a write that had begun and
 * had not failed. The values of counters are left out.
 */
public final class Versions {
  private static final String PROMISE = "versions";

  private Versions() {}

  /** Judges a history. */
  public static Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    for (List<Operation> ofKey : history.byKey().values()) {
      checkKey(ofKey, violations);
      if (ofKey.stream().noneMatch(operation -> operation.kind() == Kind.INCREMENT)) {
        checkValues(ofKey, violations);
      }
    }
    return Verdict.of(violations);
  }

  private static void checkValues(List<Operation> operations, List<Violation> violations) {
    Map<String, Operation> writes = new HashMap<>();
    for (Operation operation : operations) {
      if (operation.kind() == Kind.WRITE && operation.value() != null) {
        writes.put(operation.value(), operation);
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
    Map<String, Operation> byValue = new HashMap<>();
    Map<Version, Operation> byVersion = new HashMap<>();
    for (Operation operation : operations) {
      Version version = operation.version();
      if (!operation.isOk() || version == null) {
        continue;
      }
      Operation sameVersion = byVersion.putIfAbsent(version, operation);
      Operation sameValue =
          operation.value() == null ? null : byValue.putIfAbsent(operation.value(), operation);
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

  private static boolean isOther(@Nullable Operation first, Operation second) {
    return first != null
        && !(Objects.equals(first.value(), second.value())
            && Objects.equals(first.version(), second.version()));
  }
}
