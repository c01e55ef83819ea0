package io.gamut.storage.journal;

import java.io.IOException;

/**
 * Bytes that had been synced are not what was written. Nothing on the disk was changed; what the
 * journal held from {@link #position} on must come from other replicas.
 */
public final class JournalCorruptException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String segment;
  private final long position;
  private final long lostUpTo;

  /**
   * @param segment the name of the file
   * @param position the first position that cannot be read
   * @param lostUpTo up to here at least, synced data is lost or unreachable
   */
  public JournalCorruptException(String segment, long position, long lostUpTo, String what) {
    super(
        "the journal is corrupt in "
            + segment
            + " at position "
            + position
            + ": "
            + what
            + ". What was synced from there up to at least "
            + lostUpTo
            + " is lost here");
    this.segment = segment;
    this.position = position;
    this.lostUpTo = lostUpTo;
  }

  public String segment() {
    return segment;
  }

  public long position() {
    return position;
  }

  public long lostUpTo() {
    return lostUpTo;
  }
}
