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
 * writes at its key: unless a sum that nobody was told, or what was appended to, may be the same
 * value. A write whose answer was lost has the version with which its value was read.
 */
final class Writes {
  /** Of one key. */
  static final class OfKey {
    private final Map<String, Operation> byValue = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private final TreeMap<Version, Operation> byVersion = new TreeMap<>();
    private final List<Operation> all = new ArrayList<>();
    private boolean mayBeUnnamed;
    private boolean isCounter = true;
    private boolean mayExpireUnnamed;
    private @Nullable Version lastExpiring;

    private void add(Operation write) {
      all.add(write);
      if (write.isOk() && write.version() != null) {
        byVersion.putIfAbsent(write.version(), write);
      }
      boolean isNamed = write.kind().writesValue() || write.kind() == Kind.ADD;
      String value = isNamed ? write.value() : null;
      mayBeUnnamed |= value == null && (write.kind() == Kind.ADD || write.kind() == Kind.APPEND);
      isCounter &= write.kind() == Kind.ADD && isPositive(write.argument());
      if (value != null && byValue.putIfAbsent(value, write) != null) {
        repeated.add(value);
      }
      if (Steps.isExpiring(write)) {
        noteExpiring(write.isOk() ? write.version() : null);
      }
    }

    private void noteExpiring(@Nullable Version version) {
      mayExpireUnnamed |= version == null;
      if (version != null && (lastExpiring == null || version.isAfter(lastExpiring))) {
        lastExpiring = version;
      }
    }

    private static boolean isPositive(@Nullable String argument) {
      return argument != null && argument.matches("[1-9][0-9]*");
    }

    private void learn(Operation read) {
      Operation write = ofValue(read.value());
      if (write != null && read.version() != null && !write.isOk()) {
        byVersion.putIfAbsent(read.version(), write);
      }
    }

    private @Nullable Operation ofValue(@Nullable String value) {
      boolean isName = value != null && areValuesNames() && !repeated.contains(value);
      return isName ? byValue.get(value) : null;
    }

    /**
     * Whether a value that one operation writes is written by no other one. Sums of additions alone
     * only grow, so that none comes twice, whoever was told.
     */
    private boolean areValuesNames() {
      return !mayBeUnnamed || isCounter;
    }

    /** Whether every value that was written names its write. */
    boolean isEachValueAName() {
      return areValuesNames() && repeated.isEmpty();
    }

    /** The write that a read has met; null if it is not known, or if there was none. */
    @Nullable Operation source(Operation read) {
      return source(read.value(), read.version());
    }

    /** The write of a value with a version, or without one; null if it is not known. */
    @Nullable Operation source(@Nullable String value, @Nullable Version version) {
      Operation byName = version == null ? null : byVersion.get(version);
      if (byName != null) {
        return byName;
      }
      Operation write = ofValue(value);
      boolean isAnother =
          write != null
              && version != null
              && write.version() != null
              && !version.equals(write.version());
      return isAnother ? null : write;
    }

    /**
     * The version that a read has met: that of its receipt, or of the write that its value names;
     * null if neither is known.
     */
    @Nullable Version met(Operation read) {
      if (read.version() != null) {
        return read.version();
      }
      Operation write = source(read);
      return write == null ? null : write.version();
    }

    /**
     * Whether a read of absence without a version may have come later than a version: what expired
     * has left nothing behind.
     */
    boolean mayHaveExpired(Version since) {
      return mayExpireUnnamed || (lastExpiring != null && !since.isAfter(lastExpiring));
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

    /** What an addition has met, as text; null if that may have been nothing, which counts as 0. */
    private static @Nullable String difference(Operation addition) {
      try {
        long sum = Long.parseLong(Objects.requireNonNull(addition.value()));
        long argument = Long.parseLong(Objects.requireNonNull(addition.argument()));
        return sum == argument ? null : Long.toString(Math.subtractExact(sum, argument));
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
