package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Receipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Bounded staleness (Terry, "Replicated Data Consistency Explained Through Baseball", CACM 2013): a
 * bounded read meets nothing older than what was committed so much before it began, and its receipt
 * names no greater age than it has asked for. By versions; of O(n log n) steps.
 */
public final class Staleness {
  static final String PROMISE = "bounded staleness";

  private Staleness() {}

  /** Judges a history. */
  public static Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    String gap = null;
    for (List<Operation> ofKey : history.byKey().values()) {
      List<Operation> writes = new ArrayList<>();
      List<Operation> reads = new ArrayList<>();
      for (Operation operation : ofKey) {
        if (isBoundedRead(operation)) {
          reads.add(operation);
        } else if (isCommitted(operation)) {
          writes.add(operation);
        }
      }
      if (!reads.isEmpty() && writes.stream().anyMatch(write -> write.version() == null)) {
        gap = "writes of " + ofKey.getFirst().key() + " have no versions";
        writes.removeIf(write -> write.version() == null);
      }
      if (!reads.isEmpty()) {
        Writes.OfKey all = Writes.of(ofKey).at(ofKey.getFirst().key());
        checkKey(writes, reads, all, violations);
      }
    }
    return violations.isEmpty() && gap != null ? new Verdict.Unknown(gap) : Verdict.of(violations);
  }

  /** How many reads it weighs. */
  static long judged(History history) {
    return history.operations().stream().filter(Staleness::isBoundedRead).count();
  }

  private static boolean isBoundedRead(Operation operation) {
    return operation.kind() == Kind.READ
        && operation.isOk()
        && operation.level() == Consistency.BOUNDED;
  }

  private static boolean isCommitted(Operation operation) {
    return !operation.isRead() && operation.isOk() && Steps.isStrong(operation.request());
  }

  private static void checkKey(
      List<Operation> writes, List<Operation> reads, Writes.OfKey all, List<Violation> violations) {
    writes.sort(Comparator.comparingLong(Operation::responded));
    reads.sort(Comparator.comparingLong(Staleness::includedUntil));
    Operation greatest = null;
    int next = 0;
    for (Operation read : reads) {
      while (next < writes.size() && writes.get(next).responded() < includedUntil(read)) {
        Operation write = writes.get(next++);
        greatest = greatest == null || isAfter(write, greatest) ? write : greatest;
      }
      if (greatest != null && !isAtLeast(read, greatest, all)) {
        violations.add(
            new Violation(
                PROMISE,
                "it has met something older than what was committed before its bound",
                List.of(greatest, read)));
      }
      Receipt receipt = read.request().receipt();
      if (receipt != null && receipt.ageNanos() > read.request().boundNanos()) {
        violations.add(
            new Violation(PROMISE, "its receipt names a greater age than it asked", List.of(read)));
      }
    }
  }

  /** What was committed before this moment must be in what it was answered from. */
  private static long includedUntil(Operation read) {
    return Times.before(read.invoked(), read.request().boundNanos());
  }

  private static boolean isAfter(Operation one, Operation other) {
    Version version = one.version();
    return version != null && (other.version() == null || version.isAfter(other.version()));
  }

  /** Of a value that says neither its version nor its write, nothing is known. */
  private static boolean isAtLeast(Operation read, Operation write, Writes.OfKey all) {
    Version version = all.met(read);
    Version committed = write.version();
    if (committed == null) {
      return true;
    }
    return version == null
        ? read.value() != null || all.mayHaveExpired(committed)
        : version.compareTo(committed) >= 0;
  }
}
