package io.gamut.verify.check;

import io.gamut.core.Version;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote what was read. A version names a write, and so does a value that only one operation
 * writes at its key. A write whose answer was lost has the version with which its value was read.
 */
final class Writes {
  /** Of one key. */
  static final class OfKey {
    private final Map<String, Operation> byValue = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private final TreeMap<Version, Operation> byVersion = new TreeMap<>();
    private final List<Operation> all = new ArrayList<>();
    private boolean mayBeUnnamed;

    private void add(Operation write) {
      all.add(write);
      if (write.isOk() && write.version() != null) {
        byVersion.putIfAbsent(write.version(), write);
      }
      boolean isNamed = write.kind().writesValue() || write.kind() == Kind.ADD;
      String value = isNamed ? write.value() : null;
      mayBeUnnamed |= value == null && write.kind() != Kind.DELETE;
      if (value != null && byValue.putIfAbsent(value, write) != null) {
        repeated.add(value);
      }
    }

    private void learn(Operation read) {
      Operation write = ofValue(read.value());
      if (write != null && read.version() != null && !write.isOk()) {
        byVersion.putIfAbsent(read.version(), write);
      }
    }

    private @Nullable Operation ofValue(@Nullable String value) {
      return value == null || repeated.contains(value) ? null : byValue.get(value);
    }

    /** The write that a read has met; null if it is not known, or if there was none. */
    @Nullable Operation source(Operation read) {
      Operation byName = read.version() == null ? null : byVersion.get(read.version());
      return byName != null ? byName : ofValue(read.value());
    }

    /**
     * The write that one met which read before it wrote, and says what it has read; null if it did
     * not, or if it is not known.
     */
    @Nullable Operation replacedBy(Operation write) {
      return switch (write.kind()) {
        case COMPARE_AND_SET -> ofValue(write.argument());
        case ADD -> write.value() == null ? null : ofValue(difference(write));
        default -> null;
      };
    }

    private static @Nullable String difference(Operation addition) {
      try {
        long sum = Long.parseLong(Objects.requireNonNull(addition.value()));
        return Long.toString(
            Math.subtractExact(sum, Long.parseLong(Objects.requireNonNull(addition.argument()))));
      } catch (NumberFormatException | ArithmeticException e) {
        return null;
      }
    }

    /** Whether a value may have been written though it names no write. */
    boolean mayBeUnnamed() {
      return mayBeUnnamed || !repeated.isEmpty();
    }

    /** Those with versions, in their order. */
    NavigableMap<Version, Operation> versions() {
      return byVersion;
    }

    /** All that may have had an effect, in the order of their invocation. */
    List<Operation> all() {
      return all;
    }
  }

  private final Map<String, OfKey> keys = new HashMap<>();

  private Writes() {}

  /** Those of a history, in the order of invocation. */
  static Writes of(Collection<Operation> operations) {
    Writes writes = new Writes();
    for (Operation operation : operations) {
      if (!operation.isRead() && operation.outcome() != Outcome.FAILED) {
        writes.at(operation.key()).add(operation);
      }
    }
    for (Operation operation : operations) {
      if (operation.isRead() && operation.isOk()) {
        writes.at(operation.key()).learn(operation);
      }
    }
    return writes;
  }

  OfKey at(String key) {
    return keys.computeIfAbsent(key, _ -> new OfKey());
  }
}
