package io.gamut.storage.journal;

import java.io.IOException;

/**
 * A write or a sync has failed, now or earlier, and the journal takes nothing more.
 *
 * <p>A failed fsync is never retried. The kernel may have marked the pages clean although they
 * never reached the disk, so that a second fsync returns normally and has proved nothing (Rebello
 * et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). Opening the journal
 * anew is safe: recovery writes again whatever it cannot prove to have been synced.
 */
public final class JournalFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  public JournalFailedException(String tried, IOException cause) {
    super(
        "the journal "
            + tried
            + " and takes nothing more: "
            + cause.getMessage()
            + ". Whether the last writes are on the disk is unknown, and a second fsync could not"
            + " tell (Rebello et al., USENIX ATC 2020). See to the disk, then restart this server",
        cause);
  }
}
