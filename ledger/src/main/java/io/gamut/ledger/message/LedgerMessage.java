package io.gamut.ledger.message;

import io.gamut.ledger.log.Entry;
import java.util.List;

/**
 * What one participant says to another. Any message may be lost, come late, come twice or overtake
 * another; none asks more of the network.
 */
public sealed interface LedgerMessage {
  /**
   * A message on its way. The network knows servers; whom the message concerns are servers with one
   * particular disk.
   *
   * @param sender incarnation of the participant that sends it
   * @param receiver incarnation of the participant that it is meant for; another drops it
   */
  record Envelope(long sender, long receiver, LedgerMessage message) {}

  /** What a network may carry in a lane of its own has more bytes of entries. */
  int LONG_BYTES = 512 << 10;

  /** Whether a message with so many bytes of entries is long. */
  static boolean isLong(long bytes) {
    return bytes > LONG_BYTES;
  }

  /** Whether it would hold up what comes behind it: who sends reckons with being overtaken. */
  default boolean isLong() {
    return switch (this) {
      case Append append -> isLong(Entry.size(append.entries()));
      case Committed committed -> isLong(Entry.size(committed.entries()));
      default -> false;
    };
  }

  /** The sender's term, or the one that it would begin. */
  long term();

  /**
   * Whether its term is none that the receiver has to enter because of it. The term in a pre-vote
   * is only a question, in the request as in the answer that grants it; the term of a request for a
   * vote counts only where it is heard at all; and what is remembered of the past changes nothing.
   */
  default boolean leavesTermAlone() {
    return this instanceof VoteRequest
        || this instanceof Inquiry
        || this instanceof Testimony
        || (this instanceof VoteReply reply && reply.isPreVote() && reply.isGranted());
  }

  /**
   * The leader's entries, or its heartbeat when there are none (Raft, section 5.3).
   *
   * @param previous index of the entry before the first one
   * @param commit what the leader knows to be committed
   * @param round the latest round of reads: whoever answers confirms it and all before it
   */
  record Append(
      long term, long previous, long previousTerm, List<Entry> entries, long commit, long round)
      implements LedgerMessage {}

  /**
   * The sender's log is the leader's up to {@code match}, durably.
   *
   * @param round of the latest message from this leader in this term
   */
  record Appended(long term, long match, long round) implements LedgerMessage {}

  /**
   * The sender's log does not have the leader's previous entry.
   *
   * @param previous of the message that did not fit
   * @param conflictIndex where the leader should try next: the first index of the conflicting term
   *     there, or behind the sender's last entry
   */
  record Rejected(long term, long previous, long conflictIndex, long round)
      implements LedgerMessage {}

  /**
   * Answers a message of a leader whose term is over. It says nothing of the sender's log: the
   * receiver may lead again by now, and would take it for an answer to what it has sent since.
   */
  record Outdated(long term) implements LedgerMessage {}

  /**
   * Asks for a vote (section 5.2).
   *
   * @param term the new one; in a pre-vote the one that the sender would begin
   * @param isPreVote only asks whether it would get the vote (thesis, section 9.6)
   * @param isHandover the leader itself has asked for this election (thesis, section 3.10)
   */
  record VoteRequest(
      long term, long lastIndex, long lastTerm, boolean isPreVote, boolean isHandover)
      implements LedgerMessage {}

  /**
   * Answers a {@link VoteRequest}.
   *
   * @param term if granted, that of the request; else the sender's own
   */
  record VoteReply(long term, boolean isGranted, boolean isPreVote) implements LedgerMessage {}

  /** The leader hands over: the receiver should begin an election at once. */
  record TimeoutNow(long term) implements LedgerMessage {}

  /**
   * A follower passes on that it wants to read.
   *
   * @param life drawn at random at each start of the sender: an answer to an earlier life would
   *     confirm a read that was asked for after it
   * @param request the sender's own number
   */
  record ReadRequest(long term, long life, long request) implements LedgerMessage {}

  /**
   * Answers a {@link ReadRequest}.
   *
   * @param index what must be applied before reading; negative when it cannot be told
   */
  record ReadReply(long term, long life, long request, long index) implements LedgerMessage {}

  /**
   * The receiver does not take part any more: it should ask for no votes.
   *
   * @param index of the committed entry that says so
   */
  record Removed(long term, long index) implements LedgerMessage {}

  /**
   * Committed entries, from whoever has them: final, so that the receiver may take them without a
   * leader.
   *
   * @param previous index of the entry before the first one; the receiver must have it committed
   */
  record Committed(long term, long previous, List<Entry> entries) implements LedgerMessage {}

  /**
   * The sender has started again, and asks what the receiver has heard of it before.
   *
   * @param life drawn at random at each start of the sender
   */
  record Inquiry(long term, long life) implements LedgerMessage {}

  /**
   * Answers an {@link Inquiry}.
   *
   * @param heardTerm the highest term in which the sender has heard the receiver, since its own
   *     start
   * @param match how much the receiver has acknowledged to the sender in that term
   * @param isVoter whether the receiver has voted for the sender in that term
   */
  record Testimony(long term, long life, long heardTerm, long match, boolean isVoter)
      implements LedgerMessage {}
}
