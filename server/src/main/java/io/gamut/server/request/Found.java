package io.gamut.server.request;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a reader sees at a key.
 *
 * @param version of the key's last write, a deletion too; null where it was never written
 * @param value null where there is none: never written, deleted, or expired
 */
public record Found(@Nullable Version version, Content.@Nullable Value value) {
  private static final Found NOTHING = new Found(null, null);

  /** At a strong level expiry has been judged by ledger time; else it is by this server's clock. */
  static Found of(@Nullable Pair pair, Consistency level, InstantSource clock) {
    if (pair == null) {
      return NOTHING;
    }
    Content.Value value = level.isWeak() ? pair.valueAt(clock.millis()) : pair.value();
    return new Found(pair.version(), value);
  }

  /** What a {@link io.gamut.core.Change.Look} saw. */
  public static Found of(ChangeResult looked) {
    return new Found(looked.version(), looked.before());
  }
}
