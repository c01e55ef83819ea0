package io.gamut.server.passing;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.VersionVector;

/** What servers say to each other about requests that are passed on. May be lost. */
public sealed interface PassedMessage {
  /**
   * To a member: answer this.
   *
   * @param number that the answer repeats; the asker's own, and never used twice in its life
   */
  record Ask(long number, Request request) implements PassedMessage {}

  /** To the asker: this is the answer. */
  record Told(long number, Reply reply) implements PassedMessage {}

  /** To the asker: this server is not one that others' requests may be passed to. Ask another. */
  record Declined(long number) implements PassedMessage {}

  /** A weak request, with how many milliseconds it may wait for what it needs. */
  sealed interface Request {
    int waitMillis();

    record Read(Key key, Requirement requirement, int waitMillis) implements Request {}

    /**
     * A write that is stamped where it is answered.
     *
     * @param dependencies what must be visible first and will be carried along
     * @param index how far the ledger must be applied first
     * @param sessionLatest the greatest timestamp its session has met
     */
    record Write(
        Key key,
        Content content,
        VersionVector dependencies,
        long index,
        long sessionLatest,
        int waitMillis)
        implements Request {}
  }
}
