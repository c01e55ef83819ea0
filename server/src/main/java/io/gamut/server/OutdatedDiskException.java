package io.gamut.server;

import io.gamut.ledger.log.Participant;

/** The disk is an older copy of itself, or has lost the end of what it had acknowledged. */
final class OutdatedDiskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutdatedDiskException(Participant self) {
    super(
        "other servers remember more of server "
            + self.node()
            + " than its disk does: it was set back to an older copy, or lost its last writes in a"
            + " crash of the machine. Its old vote is given up; when it is started again, it takes"
            + " part as a new voter, with what it has");
  }
}
