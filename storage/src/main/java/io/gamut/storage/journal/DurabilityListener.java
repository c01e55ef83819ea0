package io.gamut.storage.journal;

import java.io.IOException;

/**
 * Is told by a {@link GroupCommit} what became of what was appended. Calls never overlap. It must
 * not block, and must not call the group commit: it hands over to whoever acts.
 */
public interface DurabilityListener {
  /**
   * Everything appended up to and including this sequence number is durable, as the chosen {@link
   * Durability} means it. Numbers rise from call to call; one call may speak for many appends.
   *
   * @param sequence as returned by {@link GroupCommit#append}
   * @param position where the last of it ends in the journal; all that is appended later lies there
   *     or above
   */
  void onDurable(long sequence, long position);

  /**
   * The journal has failed for good. Called once at most, and nothing is called after it. Whether
   * appends not yet reported are on the disk is unknown: they may be there after a restart.
   */
  void onFailure(IOException failure);
}
