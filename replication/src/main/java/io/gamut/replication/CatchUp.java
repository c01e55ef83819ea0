package io.gamut.replication;

import io.gamut.core.Dot;
import io.gamut.core.VersionVector;

/**
 * Catching up over gaps: what must be here before the gaps in what was received do no harm.
 *
 * <p>An update that was overtaken is dropped (see {@link Stability}), and whoever asks for it later
 * gets an origin's updates with gaps. A gap is harmless only together with the overtaking write,
 * which may come last. So whoever sends gaps names a <em>barrier</em> that covers what closes them;
 * until all of that is received, a newcomer shows nothing from elsewhere.
 *
 * <p><b>What a barrier is.</b> A replica drops only what was overtaken by something that all
 * members show, and its barrier is all that was shown by all when it did. A set of updates that a
 * replica shows is closed under causes, so a barrier that has been received can be shown; and what
 * all members show is not lost with one disk.
 *
 * <p><b>While it lasts, what comes is provisional.</b> The replica tells others only of what it
 * held before and wrote itself, and answers questions with that alone: nobody relies on the rest.
 * If more disks are lost than the barrier allows for, so that no member holds all of it any more,
 * the replica lets go of what is provisional and begins again with what there is. To keep it would
 * be to show effects whose causes stood in a gap that nothing closes.
 */
final class CatchUp {
  private VersionVector barrier;
  private VersionVector awaited;
  private VersionVector solid;
  private boolean isEnding;

  /**
   * @param barrier closes every gap in what was received before
   * @param awaited empty unless the replica is catching up
   * @param solid what had been received before it began to, and was written since
   */
  CatchUp(VersionVector barrier, VersionVector awaited, VersionVector solid) {
    this.barrier = barrier;
    this.awaited = awaited;
    this.solid = solid;
  }

  /** What closes every gap in what others may be told of. */
  VersionVector barrier() {
    return barrier;
  }

  VersionVector awaited() {
    return awaited;
  }

  VersionVector solid() {
    return solid;
  }

  boolean isUnderWay() {
    return !awaited.isEmpty();
  }

  /** Whether it is about to be given up: until that is on the disk, nothing is taken in. */
  boolean isEnding() {
    return isEnding;
  }

  /** What others may be told that this replica holds, of what it has received. */
  VersionVector told(VersionVector received) {
    return isUnderWay() ? solid : received;
  }

  /** Everything up to here is shown by all members, so what it has overtaken may be dropped. */
  void raiseBarrier(VersionVector shownByAll) {
    barrier = barrier.join(shownByAll);
  }

  /**
   * Gaps are about to be received, over and above {@code received}, that {@code closing} closes.
   */
  void onGap(VersionVector closing, VersionVector received) {
    if (isUnderWay()) {
      awaited = awaited.join(closing);
    } else if (received.covers(closing)) {
      barrier = barrier.join(closing);
    } else {
      awaited = closing;
      solid = received;
    }
  }

  /** An own update is durable: it depends on nothing that is provisional. */
  void onOwn(Dot dot) {
    if (isUnderWay()) {
      solid = solid.raisedTo(dot);
    }
  }

  void onReceived(VersionVector received) {
    if (isUnderWay() && received.covers(awaited)) {
      barrier = barrier.join(awaited);
      end();
    }
  }

  private void end() {
    awaited = VersionVector.EMPTY;
    solid = VersionVector.EMPTY;
  }

  /**
   * Whether it seems that it can never end: what is awaited is not here, and nobody says to have
   * it.
   *
   * @param heldElsewhere by any other member or neighbour, as far as they have told
   */
  boolean isHopeless(VersionVector accepted, VersionVector heldElsewhere) {
    return isUnderWay() && !isEnding && !accepted.join(heldElsewhere).covers(awaited);
  }

  void beginEnding() {
    isEnding = true;
  }

  /** Gives up; what remains is what stood there as solid. */
  VersionVector abandon() {
    isEnding = false;
    VersionVector remaining = solid;
    end();
    return remaining;
  }
}
