package io.gamut.replication;

import io.gamut.core.Dot;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The origin that this replica numbers its own writes under, and whether it may still be trusted.
 *
 * <p>A dot must never name two updates. A restarted replica cannot tell whether its disk is the one
 * it wrote last or an older copy; others may know higher sequences of its origin than it does. So
 * after a start it asks every member what it knows. Until all have answered, and none has answered
 * with more, the old origin is not used: a write that comes earlier is numbered under a new one.
 * That costs an entry in the vectors and never an answer.
 *
 * <p>What others have answered stays true because, having heard the question, they refuse messages
 * of this server's earlier lives (see {@link Peers}). An answer counts only for the life that
 * asked: one that was under way when that life ended says nothing of what it still did.
 */
final class OwnOrigin {
  private final TreeSet<NodeId> confirmed = new TreeSet<>();
  private Origin origin;
  private long sequence;
  private boolean fresh;
  private boolean trusted;

  /** Takes up an origin whose sequences up to {@code sequence} were found on the own disk. */
  OwnOrigin(Origin origin, long sequence) {
    this.origin = origin;
    this.sequence = sequence;
  }

  Origin origin() {
    return origin;
  }

  boolean isTrusted() {
    return trusted;
  }

  /**
   * Whether nothing was numbered under it yet. Such a one is drawn anew at a start, and so stands
   * in the journal before what is numbered under it: a restart must know its own updates, since
   * they are shown where others still wait.
   */
  boolean isUnused() {
    return sequence == 0;
  }

  /** The name of the next own update. */
  Dot nextDot() {
    if (!trusted) {
      throw new IllegalStateException("numbering under an origin that nobody has confirmed");
    }
    return new Dot(origin, ++sequence);
  }

  /** An origin from an earlier life needs to be confirmed again; one of this life does not. */
  void doubt(Collection<NodeId> others) {
    trusted = fresh;
    confirmed.clear();
    settle(others);
  }

  /** Begins anew: nobody can know anything of an origin that was drawn just now. */
  void become(Origin drawn) {
    origin = drawn;
    sequence = 0;
    fresh = true;
    trusted = true;
    confirmed.clear();
  }

  /** Whether {@code node} still has to say what it knows. */
  boolean mustAsk(NodeId node) {
    return !trusted && !confirmed.contains(node);
  }

  /** A member knows nothing of this origin that is not known here. */
  void onConfirmed(NodeId node, Collection<NodeId> others) {
    confirmed.add(node);
    settle(others);
  }

  /** Trusts the origin once every other member has confirmed it. */
  void settle(Collection<NodeId> others) {
    trusted |= confirmed.containsAll(others);
  }

  /** Whether somebody knows more of the origin than this replica itself: an old disk. */
  boolean isOutnumberedBy(long sequenceElsewhere) {
    return sequenceElsewhere > sequence;
  }
}
