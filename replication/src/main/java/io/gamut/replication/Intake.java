package io.gamut.replication;

import io.gamut.core.Dot;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.AwaitingDisk.CatchUpEnd;
import io.gamut.replication.AwaitingDisk.Taken;
import io.gamut.replication.AwaitingDisk.TakenGapped;
import io.gamut.replication.committed.LostDisks;
import io.gamut.replication.message.JournalRecord.CatchUpAbandoned;
import io.gamut.replication.message.JournalRecord.GappedUpdates;
import io.gamut.replication.message.JournalRecord.Updates;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Section;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Takes updates of others in: what is new, in order and not from too far in the future goes to the
 * journal; the rest is left out, and asked for again if it matters. Once durable it is received.
 */
final class Intake {
  /** What one record of the journal holds, if not a single longer update. */
  private static final int RECORD_BYTES_MAX = 1 << 20;

  private final Reception reception;
  private final CatchUp catchUp;
  private final Delivery delivery;
  private final Stamping stamping;
  private final UpdateStore store;
  private final DiskQueue disk;
  private final Fence fence;

  Intake(
      Reception reception,
      CatchUp catchUp,
      Delivery delivery,
      Stamping stamping,
      UpdateStore store,
      DiskQueue disk,
      Fence fence) {
    this.reception = reception;
    this.catchUp = catchUp;
    this.delivery = delivery;
    this.stamping = stamping;
    this.store = store;
    this.disk = disk;
    this.fence = fence;
  }

  // What has come

  /**
   * Takes updates that came without gaps.
   *
   * @param pulled whether they were asked for
   */
  void take(List<Update> updates, boolean pulled, Now now, Effects effects) {
    if (catchUp.isEnding()) {
      return;
    }
    List<Update> next = reception.accept(admitted(withinClock(updates, now)));
    if (!next.isEmpty()) {
      stamping.onForeign(next, effects);
      for (List<Update> batch : Batches.of(next, RECORD_BYTES_MAX)) {
        disk.persist(new Updates(batch), new Taken(batch, pulled), effects);
      }
    }
  }

  /**
   * Leaves out what is stamped too far ahead: it is not received, and asked for again, until this
   * clock has come near. One bad clock then harms its own origin only.
   */
  private static List<Update> withinClock(List<Update> updates, Now now) {
    for (Update update : updates) {
      if (!Stamping.isWithinClock(update.version().timestamp(), now)) {
        return updates.stream()
            .filter(each -> Stamping.isWithinClock(each.version().timestamp(), now))
            .toList();
      }
    }
    return updates;
  }

  private List<Update> admitted(List<Update> updates) {
    for (Update update : updates) {
      if (!fence.admits(update.dot())) {
        return updates.stream().filter(each -> fence.admits(each.dot())).toList();
      }
    }
    return updates;
  }

  /** Takes the answer to a question, section by section. */
  void takeBatch(Batch batch, Now now, Effects effects) {
    int taken = 0;
    for (Section section : batch.sections()) {
      List<Update> part = new ArrayList<>();
      while (taken < batch.updates().size()
          && batch.updates().get(taken).dot().origin().equals(section.origin())) {
        part.add(batch.updates().get(taken++));
      }
      takeSection(section, part, batch.barrier(), now, effects);
    }
    // What came early may be next now.
    take(List.of(), true, now, effects);
  }

  private void takeSection(
      Section section, List<Update> part, VersionVector barrier, Now now, Effects effects) {
    if (part.size() == section.through() - section.after()) {
      take(part, true, now, effects);
      return;
    }
    stamping.onKnownElsewhere(section.origin(), section.through(), effects);
    long accepted = reception.accepted().get(section.origin());
    boolean isUseful =
        section.after() <= accepted
            && accepted < section.through()
            && mayTake(section.origin())
            && fence.admits(new Dot(section.origin(), section.through()));
    if (isUseful && withinClock(part, now).size() == part.size()) {
      List<Update> next = reception.acceptGapped(section.origin(), section.through(), part);
      stamping.onForeign(next, effects);
      disk.persist(
          new GappedUpdates(section.origin(), section.through(), next, barrier),
          new TakenGapped(section.origin(), section.through(), next, barrier),
          effects);
    }
  }

  private boolean mayTake(Origin origin) {
    return !catchUp.isEnding() && reception.hasRoomFor(origin);
  }

  /** Gives up to catch up, if no member holds any more what is missing. */
  void abandonIfHopeless(Peers peers, Collection<NodeId> others, Effects effects) {
    if (catchUp.isUnderWay()
        && peers.areHeard(others)
        && catchUp.isHopeless(reception.accepted(), peers.heldByAny(others))) {
      abandon(effects);
    }
  }

  /**
   * Gives up to catch up, if the ledger has closed an origin before what is here provisionally:
   * nobody was told that it is here, so the end was agreed without it.
   */
  void abandonIfVoid(LostDisks lost, Effects effects) {
    if (catchUp.isUnderWay() && lost.ends().isBeyond(reception.accepted())) {
      abandon(effects);
    }
  }

  private void abandon(Effects effects) {
    if (!catchUp.isEnding()) {
      catchUp.beginEnding();
      disk.persist(new CatchUpAbandoned(), new CatchUpEnd(), effects);
    }
  }

  // What is durable

  void onDurable(Taken taken) {
    for (Update update : taken.updates()) {
      store.append(update);
      reception.onDurable(update.dot());
      delivery.onReceived(update);
    }
    catchUp.onReceived(reception.received());
  }

  void onDurable(TakenGapped taken) {
    catchUp.onGap(taken.barrier(), reception.received());
    taken.updates().forEach(store::append);
    reception.onDurableThrough(new Dot(taken.origin(), taken.through()));
    catchUp.onReceived(reception.received());
  }

  /** Takes up what was taken before a restart. */
  void recover(GappedUpdates gapped) {
    Origin origin = gapped.origin();
    List<Update> next = reception.acceptGapped(origin, gapped.through(), gapped.updates());
    next.forEach(update -> stamping.observe(update.version().timestamp()));
    onDurable(new TakenGapped(origin, gapped.through(), next, gapped.barrier()));
  }

  /** Lets go of what came while catching up, unless what was missing has come after all. */
  void onAbandoned() {
    if (!catchUp.isUnderWay()) {
      return;
    }
    VersionVector before = reception.received();
    VersionVector remaining = catchUp.abandon();
    reception.fallBackTo(remaining);
    delivery.onDiscarded();
    store.discard(remaining, before);
  }
}
