package io.gamut.verify;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The four session guarantees, key by key (Terry et al., "Session Guarantees for Weakly Consistent
 * Replicated Data", PDIS 1994), of what sessions do at {@code session} and stronger levels: read
 * your writes, monotonic reads, monotonic writes, writes follow reads.
 *
 * <p>It goes by the versions in the receipts. A read without a version found a key that was never
 * written, which is older than any write; so the history must not be longer than tombstones are
 * kept.
 */
public final class SessionGuarantees {
  private SessionGuarantees() {}

  /** The operation of a session that has met the greatest version of a key. */
  private record Met(Version version, Operation by) {}

  /** Judges a history. */
  public static Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    history.bySession().values().forEach(session -> checkSession(session, violations));
    return Verdict.of(violations);
  }

  private static void checkSession(List<Operation> session, List<Violation> violations) {
    TreeMap<String, Met> wrote = new TreeMap<>();
    TreeMap<String, Met> read = new TreeMap<>();
    for (Operation operation : session) {
      if (!operation.isOk() || !operation.isAtLeast(Consistency.SESSION)) {
        continue;
      }
      Met ownWrite = wrote.get(operation.key());
      Met ownRead = read.get(operation.key());
      if (operation.isRead()) {
        require("read your writes", ownWrite, operation, 0, violations);
        require("monotonic reads", ownRead, operation, 0, violations);
        remember(operation, read);
      } else if (operation.version() != null) {
        require("monotonic writes", ownWrite, operation, 1, violations);
        require("writes follow reads", ownRead, operation, 1, violations);
        remember(operation, wrote);
      }
    }
  }

  /**
   * Compares with what the session has met before.
   *
   * @param least how the versions must compare at least: 0 for as great, 1 for greater
   */
  private static void require(
      String guarantee,
      @Nullable Met before,
      Operation operation,
      int least,
      List<Violation> violations) {
    if (before == null) {
      return;
    }
    Version version = operation.version();
    if (version == null || Integer.signum(version.compareTo(before.version)) < least) {
      violations.add(
          new Violation(
              guarantee,
              "what comes later in the session has an earlier version",
              List.of(before.by, operation)));
    }
  }

  private static void remember(Operation operation, Map<String, Met> met) {
    Version version = operation.version();
    if (version != null) {
      met.merge(
          operation.key(),
          new Met(version, operation),
          (one, other) -> other.version.isAfter(one.version) ? other : one);
    }
  }
}
