package io.gamut.replication.message;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import java.util.List;

/**
 * What one replica says to another. Any message may be lost, come late, come twice or overtake
 * another; none asks more of the network.
 */
public sealed interface PeerMessage {
  /** New updates of the sender's own origin, durable there, spread to everybody at once. */
  record Spread(List<Update> updates) implements PeerMessage {}

  /**
   * What the sender holds durably and what it shows of it, told to everybody from time to time.
   *
   * @param received not what is provisional, while the sender catches up over gaps
   * @param visible covered by {@code received}
   * @param fresh a peer that lacks something of it should ask now, and not wait for it to arrive by
   *     itself: it is told after a reconnection, or when the sender has itself just caught up
   * @param membersDigest of the sender's member table
   * @param wallMillis the sender's wall clock
   * @param ahead the servers whose clocks the sender finds too far ahead of its own
   */
  record Advert(
      VersionVector received,
      VersionVector visible,
      boolean fresh,
      long membersDigest,
      long wallMillis,
      List<NodeId> ahead)
      implements PeerMessage {
    public Advert {
      if (!received.covers(visible)) {
        throw new IllegalArgumentException(visible + " is visible, but only " + received + " here");
      }
    }
  }

  /**
   * Asks for what the sender lacks.
   *
   * @param pull names the question; the answer repeats it
   * @param accepted all that the sender has, or has already handed to its disk
   * @param bytesMax about how much may be answered at once
   */
  record Pull(long pull, VersionVector accepted, int bytesMax) implements PeerMessage {}

  /**
   * Answers a {@link Pull}: of each section's origin everything from where the asker stood to
   * {@code through}. Sequences without an update have been superseded and dropped.
   *
   * @param barrier where something was dropped: what the asker must have received before it may
   *     show anything more, since the superseding writes are among it; else empty. What all members
   *     have shown, or, by a server that dropped it under an older version, what that one showed
   * @param more whether asking again would bring more
   */
  record Batch(
      long pull, List<Section> sections, List<Update> updates, VersionVector barrier, boolean more)
      implements PeerMessage {}

  /** One origin's part of a {@link Batch}: sequences above {@code after} up to {@code through}. */
  record Section(Origin origin, long after, long through) {}

  /** A server that has restarted asks what others know of its origin before it numbers on. */
  record OriginQuery(Origin origin) implements PeerMessage {}

  /**
   * The highest sequence of the asked origin that the answerer has, or has given to its disk.
   *
   * @param asked the boot of the life that asked: the answer to an earlier life says nothing of
   *     what that life has done since
   */
  record OriginAnswer(Origin origin, long sequence, long asked) implements PeerMessage {}

  /**
   * Answers a message that was refused for its boot: the highest boot heard of the addressed
   * server. If it is not the work of an earlier life after all (its clock or its disk went back),
   * the addressed server goes on under a higher one.
   */
  record Outdated(long boot) implements PeerMessage {}

  /** The sender's member table, to be merged. */
  record Members(MemberTable table) implements PeerMessage {}

  /**
   * A message with the boot of its sender: a hybrid-clock stamp of its start. What an earlier life
   * of a server sent is refused once its present life has been heard.
   */
  record Envelope(long boot, PeerMessage message) {}
}
