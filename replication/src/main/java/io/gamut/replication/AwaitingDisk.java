package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import java.util.List;

/** What is done once a record is durable, in the order in which records were given. */
sealed interface AwaitingDisk {
  /** What others have written: it is kept in memory until then. */
  sealed interface Foreign extends AwaitingDisk {
    List<Update> updates();
  }

  /** An own update: show it, answer its client, spread it. */
  record OwnWrite(Update update, long request) implements AwaitingDisk {}

  /**
   * Updates from elsewhere: they count as received.
   *
   * @param pulled whether they were asked for, so that neighbours may lack them too
   */
  record Taken(List<Update> updates, boolean pulled) implements Foreign {}

  /** The same for updates with gaps among them. */
  record TakenGapped(Origin origin, long through, List<Update> updates, VersionVector barrier)
      implements Foreign {}

  /** What all members show: what it has overtaken may be dropped. */
  record BarrierRaise(VersionVector shownByAll) implements AwaitingDisk {}

  /** Catching up is given up. */
  record CatchUpEnd() implements AwaitingDisk {}

  /** This replica's own origin from now on. */
  record OriginDrawn(Origin origin) implements AwaitingDisk {}

  /** This replica has left: whoever asked for it is answered. */
  record Left(long request) implements AwaitingDisk {}

  /** A server's new life will not be forgotten: it may be told what is known of its origin. */
  record LifeKept(NodeId node, long boot, Origin asked) implements AwaitingDisk {}

  /** Nothing of a lost disk is taken: others may be told what is held of it. */
  record FenceSet(long incarnation, long round) implements AwaitingDisk {}

  /** That this disk may not be a member any more will not be forgotten. */
  record DismissalKept(long index) implements AwaitingDisk {}

  /** A promise may be given. */
  record PromiseKept(Promise promise) implements AwaitingDisk {}

  /** Nothing waits for this record. */
  enum Nothing implements AwaitingDisk {
    NOTHING
  }
}
