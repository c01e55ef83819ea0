package io.gamut.overlay;

import io.gamut.core.NodeId;
import java.util.concurrent.CompletableFuture;

/**
 * Faults on demand, at this end of the link to one neighbour. Any thread may call.
 *
 * <p>Without {@link OverlayConfig#labEnabled} each future fails with an {@link OverlayException}
 * that names the {@code --lab} flag.
 */
public interface LinkFaults {
  /**
   * Closes the link and keeps it closed: this end neither dials nor accepts that neighbour. What
   * was queued, delayed, or received but not yet delivered is dropped. Done when in force here and
   * the link is known to be down. Once both ends have done so, nothing of before comes through.
   */
  CompletableFuture<Void> cut(NodeId neighbour);

  /**
   * Lifts the cut and dials at once, whichever end this is. Done when the link is up; fails after
   * {@link Timing#HEAL_MILLIS} when it is not (the other end still cut, or dead): the cut is lifted
   * here all the same, and the link comes up when the other end is ready.
   */
  CompletableFuture<Void> heal(NodeId neighbour);

  /**
   * What is sent on the link from now on waits so long first; order is kept, and what waits counts
   * against the queues' limits. Zero ends it. Heartbeats are not delayed: the link is slow, not
   * dead.
   */
  CompletableFuture<Void> delay(NodeId neighbour, long millis);

  /**
   * Each frame sent on the link from now on is lost with this probability, 0 to 1, by dice of this
   * seed. Zero ends it. Heartbeats are spared, advertisements are not.
   */
  CompletableFuture<Void> loss(NodeId neighbour, double probability, long seed);
}
