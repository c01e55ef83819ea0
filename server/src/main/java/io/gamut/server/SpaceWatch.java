package io.gamut.server;

import io.gamut.core.ErrorCode;
import io.gamut.core.Reply;
import io.gamut.server.DiskGuard.Space;

/** What a server does as its disk fills: first it takes no writes of its clients, then nothing. */
final class SpaceWatch {
  private Space space = Space.AMPLE;
  private long looksShort;

  boolean isAmple() {
    return space == Space.AMPLE;
  }

  /** Whether there is no room even for what others write. */
  boolean isGone() {
    return space == Space.GONE;
  }

  /**
   * Somebody has looked how much space there is.
   *
   * @return whether to hand over the lead, if it is had: whoever leads writes the most. Ever more
   *     seldom: the others may be as short of space
   */
  boolean onLook(Space now) {
    space = now;
    looksShort = now == Space.AMPLE ? 0 : looksShort + 1;
    return Long.bitCount(looksShort) == 1;
  }

  static Reply.Failed refusal() {
    return new Reply.Failed(
        ErrorCode.BUSY, "the disk of this server is nearly full: reads go on, writes do not");
  }
}
