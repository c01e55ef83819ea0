package io.gamut.storage.journal;

import java.io.IOException;

/** The journal was written by a release whose format this one does not know. */
public final class JournalVersionException extends IOException {
  private static final long serialVersionUID = 1L;

  public JournalVersionException(String segment, int found, int known) {
    super(
        "the journal segment "
            + segment
            + " has format version "
            + found
            + ", and this release reads versions up to "
            + known
            + ". Start the release that wrote it, or a newer one; nothing was changed");
  }
}
