package io.gamut.replication.remote;

import io.gamut.core.Reply;

/** What has come of a {@link Question.Listing}. */
public sealed interface Listed {
  /**
   * Pairs were found.
   *
   * @param index how far the ledger was applied
   * @param ageNanos how old the state may be at most; {@link Reply.Read#AGE_UNKNOWN} if nothing
   *     says so
   */
  record Found(Page page, long index, long ageNanos) implements Listed {}

  /** Nothing was looked for, and why. */
  record Refused(Reply.Failed why) implements Listed {}
}
