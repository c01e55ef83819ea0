package io.gamut.replication.committed;

import io.gamut.core.Key;
import org.jspecify.annotations.Nullable;

/**
 * Where a replica keeps its committed state: what applying the ledger has led to, and nothing else.
 * A row per key, tombstones too; replies that are kept for proposers; and one small piece of state
 * that says, among other things, how far the ledger has been applied.
 *
 * <p>All that was done between two commits becomes visible, and survives or does not survive a
 * crash, together: the state never speaks of rows that are not there, nor rows of entries that the
 * state does not count. Nothing is synced commit by commit: after a crash the store is as it was
 * after <em>some</em> commit, not before the last {@linkplain #checkpoint checkpoint}, and the
 * ledger's entries behind that are applied again.
 *
 * <p>Thread rules: one thread (the replica's) calls everything but what {@link CommittedView} has,
 * which any thread may call; that sees what was committed.
 */
public interface CommittedStore extends CommittedView, AutoCloseable {
  // For the state machine

  /**
   * The row of a key, with what was done since the last commit; null if there is none, or none in
   * front of the horizon.
   */
  @Nullable Row find(Key key);

  /** Sets the row of a key. */
  void put(Key key, Row row);

  /** Removes the row of a key, if there is one. */
  void remove(Key key);

  /**
   * Hides rows from now on, for readers as of the next commit. When that is written, what a range
   * tombstone covers is removed with it, in one step.
   *
   * @param horizon not behind the one before
   */
  void hide(Horizon horizon);

  /** What is hidden; {@link Horizon#NONE} in a new store. */
  Horizon horizon();

  /**
   * Removes rows that are hidden as of the last commit, a little at each call: it goes through all
   * keys, from where the last call ended.
   *
   * @param rowsMax how many rows it looks at, at most
   * @return whether it has come to the end of all keys; the next call begins again
   */
  boolean sweep(int rowsMax);

  /** The reply that is kept under a number of a proposer, or null. */
  byte @Nullable [] findReply(long proposer, long number);

  void putReply(long proposer, long number, byte[] reply);

  /** Removes the kept replies of a proposer with numbers from {@code first} to {@code last}. */
  void removeReplies(long proposer, long first, long last);

  /**
   * Makes all that was done since the last commit visible to other threads, at one moment.
   *
   * @param position how far the ledger has been applied by now; rises from commit to commit
   * @param state kept beside it
   */
  void commit(long position, byte[] state);

  /** The state of the last commit that is left, or null in a store without any. */
  byte @Nullable [] state();

  // For the disk

  /** Makes everything committed so far survive a crash. May take long. */
  void checkpoint();

  @Override
  void close();
}
