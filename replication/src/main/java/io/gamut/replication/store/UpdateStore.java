package io.gamut.replication.store;

import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a replica keeps the updates it has received, and the view of them by key.
 *
 * <p>Everything in it can be rebuilt from a {@linkplain #checkpoint checkpoint} and the journal
 * behind it, so nothing here is synced write by write. After a crash it holds at least what the
 * last checkpoint held, and perhaps some of what came later: every operation may be repeated.
 *
 * <p>Thread rules: one thread (the replica's) calls everything. {@link #lookup} and {@link #scan}
 * may be called by any thread; they see whole updates, and an order in which the replica showed
 * them. What was written since the last {@link #commit} is seen by the replica's own calls at once,
 * by other threads after the commit.
 */
public interface UpdateStore extends AutoCloseable {
  /** Keeps an update, not yet shown. */
  void append(Update update);

  /** The update of this name, or null when it never came or was dropped. */
  @Nullable Update find(Dot dot);

  /**
   * The updates of an origin with sequences from {@code first} to {@code last}, ascending; what was
   * dropped is left out. Stops after the update that reaches {@code bytesMax}.
   */
  List<Update> read(Origin origin, long first, long last, int bytesMax);

  /**
   * Shows an update that was appended: it becomes its key's pair if it overtakes the one that is
   * there ({@link Pair#isOvertakenBy}), and otherwise, or when a later one overtakes it, may be
   * dropped.
   *
   * @return the pair that the view held before, if any
   */
  @Nullable Pair show(Update update);

  /** The key's pair in the view, a tombstone too; null when there never was a write. */
  @Nullable Pair lookup(Key key);

  /** Pairs with keys after {@code after} (from the first when null), ascending, tombstones too. */
  List<Pair> scan(@Nullable Key after, int limit);

  /**
   * Drops overtaken updates: those within {@code through} whose winner is within it too. Looks at
   * {@code limit} of them at most.
   *
   * @return how many were dropped
   */
  int dropOvertaken(VersionVector through, int limit);

  /**
   * Forgets the updates within {@code received} that are beyond {@code remaining}. None of them has
   * been shown; after a crash, when the store is ahead of what is being repeated, some may have
   * been: those that stand in the view stay.
   */
  void discard(VersionVector remaining, VersionVector received);

  /** Makes all that was done since the last commit seen by other threads, at one moment. */
  void commit();

  /**
   * Makes the state up to now survive a crash, with {@code state} beside it. May take long; the
   * replica calls it where it can wait, or hands it to another thread after a commit.
   */
  void checkpoint(byte[] state);

  /** What the last checkpoint left, or null in an empty store. */
  byte @Nullable [] checkpointed();

  @Override
  void close();
}
