package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.verify.history.History;
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
 * <p>It goes by the versions in the receipts, and where there are none judges nothing. A read
 * without a version found a key that was never written, which is older than any write; so the
 * history must not be longer than tombstones are kept. Of O(n log n) steps.
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
    for (List<Operation> session : history.bySession().values()) {
      hasVersions |= session.stream().anyMatch(operation -> operation.version() != null);
      checkSession(session, violations);
    }
    boolean isEmpty = history.requests().isEmpty();
    return hasVersions || isEmpty
        ? Verdict.of(violations)
        : new Verdict.Unknown("the history has no versions");
  }

  private void checkSession(List<Operation> session, List<Violation> violations) {
    Map<String, Operation> greatest = new TreeMap<>();
    for (Operation operation : session) {
      if (!operation.isOk() || !operation.isAtLeast(Consistency.SESSION)) {
        continue;
      }
      Operation before = greatest.get(operation.key());
      if (operation.isRead() == isSecondRead && before != null && !isKept(before, operation)) {
        violations.add(
            new Violation(
                promise,
                "what comes later in the session has an earlier version",
                List.of(before, operation)));
      }
      if (operation.isRead() != isFirstWrite
          && operation.version() != null
          && (before == null || operation.version().isAfter(version(before)))) {
        greatest.put(operation.key(), operation);
      }
    }
  }

  private boolean isKept(Operation before, Operation operation) {
    Version version = operation.version();
    if (version == null) {
      return !operation.isRead();
    }
    return Integer.signum(version.compareTo(version(before))) >= least;
  }

  private static Version version(Operation operation) {
    @Nullable Version version = operation.version();
    if (version == null) {
      throw new IllegalArgumentException("no version: " + operation);
    }
    return version;
  }
}
