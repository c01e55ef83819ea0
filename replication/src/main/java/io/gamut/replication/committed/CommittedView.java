package io.gamut.replication.committed;

import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A replica's committed state as its readers see it, on any thread: all that was committed. */
public interface CommittedView {
  /** Where there is no ledger: nothing was ever committed. */
  CommittedView NONE =
      new CommittedView() {
        @Override
        public long position() {
          return 0;
        }

        @Override
        public Version base() {
          return Version.NONE;
        }

        @Override
        public @Nullable Pair lookup(Key key) {
          return null;
        }

        @Override
        public List<Pair> scan(@Nullable Key after, int limit) {
          return List.of();
        }
      };

  /** How far the ledger has been applied: all up to there is seen by lookups. */
  long position();

  /**
   * The version that keys without a row count as tombstones of. It never goes back.
   *
   * @return {@link Version#NONE} while nothing was ever cleared or collected
   */
  Version base();

  /**
   * The pair of a key, a tombstone too; where there is none, the tombstone that stands for it, of
   * the {@linkplain #base base}; null while there is no base. Its mark is a position at which this
   * was shown, not before the position at the time of the call.
   */
  @Nullable Pair lookup(Key key);

  /** Pairs with keys after {@code after} (from the first when null), ascending, tombstones too. */
  List<Pair> scan(@Nullable Key after, int limit);
}
