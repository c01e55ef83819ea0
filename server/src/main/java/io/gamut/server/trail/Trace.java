package io.gamut.server.trail;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Version;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one version of a key was, and when it came to be seen here.
 *
 * @param dot of a weak write, where it was met as one; null of others
 * @param kind whether it was written weakly or strongly
 * @param level of the write, where that can be told from it; else null
 * @param content with the beginning of its value; a tombstone of a deletion
 * @param length bytes of the whole value
 * @param ofAllKeys whether every key was deleted
 * @param shownMillis when weak reads could see it here, since 1970
 * @param committedMillis when it was committed here; 0 if it was not, or not while this was kept
 */
public record Trace(
    Version version,
    @Nullable Dot dot,
    Kind kind,
    @Nullable Consistency level,
    State state,
    Content content,
    long length,
    boolean ofAllKeys,
    long shownMillis,
    long committedMillis) {
  /** How a version was written. */
  public enum Kind {
    WEAK,
    STRONG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What has become of a version. */
  public enum State {
    /** The ledger has not absorbed it yet. */
    TENTATIVE,
    COMMITTED,
    /** The ledger has absorbed it, and the key had a later version already. */
    OVERTAKEN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
