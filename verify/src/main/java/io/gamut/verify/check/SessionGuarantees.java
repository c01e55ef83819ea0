package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The four session guarantees, each by itself and key by key (Terry et al., "Session Guarantees for
 * Weakly Consistent Replicated Data", PDIS 1994, section 4), of what sessions do at {@code session}
 * and stronger levels.
 *
 * <p>It goes by the versions in the receipts, or of the write that a value names, and where there
 * are none judges nothing. A read of absence without a version found a key that was never written,
 * which is older than any write, unless something may have expired since; so the history must not
 * be longer than tombstones are kept. Of O(n log n) steps.
 */
public enum SessionGuarantees {
  /** A read meets nothing older than what its session wrote before. */
  READ_YOUR_WRITES("read your writes", true, true, 0),
  /** A read meets nothing older than what its session read before. */
  MONOTONIC_READS("monotonic reads", false, true, 0),
  /** A write comes after what its session wrote before. */
  MONOTONIC_WRITES("monotonic writes", true, false, 1),
  /** A write comes after what its session read before. */
  WRITES_FOLLOW_READS("writes follow reads", false, false, 1);

  private final String promise;
  private final boolean isFirstWrite;
  private final boolean isSecondRead;
  private final int least;

  /**
   * One of them.
   *
   * @param least how the versions must compare at least: 0 for as great, 1 for greater
   */
  SessionGuarantees(String promise, boolean isFirstWrite, boolean isSecondRead, int least) {
    this.promise = promise;
    this.isFirstWrite = isFirstWrite;
    this.isSecondRead = isSecondRead;
    this.least = least;
  }

  /** Its name, for people. */
  public String promise() {
    return promise;
  }

  /** Judges a history. */
  public Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    boolean hasVersions = false;
    Writes writes = Writes.of(history.operations());
    for (List<Operation> session : history.bySession().values()) {
      hasVersions |= session.stream().anyMatch(operation -> operation.version() != null);
      checkSession(session, writes, violations);
    }
    boolean isEmpty = history.requests().isEmpty();
    return hasVersions || isEmpty
        ? Verdict.of(violations)
        : new Verdict.Unknown("the history has no versions");
  }

  /** What is told of what it weighs: reads or writes. */
  String unit() {
    return isSecondRead ? "read" : "write";
  }

  /** How many operations it weighs: those before which their session has met something. */
  long judged(History history) {
    Writes writes = Writes.of(history.operations());
    long count = 0;
    for (List<Operation> session : history.bySession().values()) {
      count += checkSession(session, writes, new ArrayList<>());
    }
    return count;
  }

  private record Met(Operation operation, Version version) {}

  private long checkSession(List<Operation> session, Writes writes, List<Violation> violations) {
    long judged = 0;
    Map<String, Met> greatest = new TreeMap<>();
    for (Operation operation : session) {
      if (!operation.isOk() || !operation.isAtLeast(Consistency.SESSION)) {
        continue;
      }
      Writes.OfKey ofKey = writes.at(operation.key());
      Version version = operation.isRead() ? ofKey.met(operation) : operation.version();
      Met before = greatest.get(operation.key());
      if (operation.isRead() == isSecondRead && before != null) {
        judged++;
        if (!isKept(before.version, operation, version, ofKey)) {
          violations.add(
              new Violation(
                  promise,
                  "what comes later in the session has an earlier version",
                  List.of(before.operation, operation)));
        }
      }
      if (operation.isRead() != isFirstWrite
          && version != null
          && (before == null || version.isAfter(before.version))) {
        greatest.put(operation.key(), new Met(operation, version));
      }
    }
    return judged;
  }

  private boolean isKept(
      Version before, Operation operation, @Nullable Version version, Writes.OfKey writes) {
    if (version == null) {
      boolean isAbsence = operation.kind() == Kind.READ && operation.value() == null;
      return !isAbsence || writes.mayHaveExpired(before);
    }
    return Integer.signum(version.compareTo(before)) >= least;
  }
}
