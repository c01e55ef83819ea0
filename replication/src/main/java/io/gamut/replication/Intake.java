package io.gamut.replication;

import io.gamut.core.VersionVector;
import io.gamut.replication.AwaitingDisk.Taken;
import io.gamut.replication.AwaitingDisk.TakenGapped;
import io.gamut.replication.message.JournalRecord.GappedUpdates;
import io.gamut.replication.message.JournalRecord.Updates;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Section;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes updates of others in: what is new, in order and not from too far in the future goes to the
 * journal; the rest is left out, and asked for again if it matters.
 */
final class Intake {
  private final Reception reception;
  private final Delivery delivery;
  private final Stamping stamping;
  private final DiskQueue disk;

  Intake(Reception reception, Delivery delivery, Stamping stamping, DiskQueue disk) {
    this.reception = reception;
    this.delivery = delivery;
    this.stamping = stamping;
    this.disk = disk;
  }

  /**
   * Takes updates that came without gaps.
   *
   * @param pulled whether they were asked for
   */
  void take(List<Update> updates, boolean pulled, Now now, Effects effects) {
    List<Update> next = reception.accept(withinClock(updates, now));
    if (!next.isEmpty()) {
      stamping.onForeign(next, effects);
      disk.persist(new Updates(next), new Taken(next, pulled), effects);
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
    long accepted = reception.accepted().get(section.origin());
    boolean isUseful = section.after() <= accepted && accepted < section.through();
    if (isUseful && withinClock(part, now).size() == part.size()) {
      List<Update> next = reception.acceptGapped(section.origin(), section.through(), part);
      stamping.onForeign(next, effects);
      delivery.raiseBarrier(barrier);
      disk.persist(
          new GappedUpdates(section.origin(), section.through(), next, barrier),
          new TakenGapped(section.origin(), section.through(), next),
          effects);
    }
  }
}
