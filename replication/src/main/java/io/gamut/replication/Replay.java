package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.JournalRecord.Admitted;
import io.gamut.replication.message.JournalRecord.BarrierRaised;
import io.gamut.replication.message.JournalRecord.CatchUpAbandoned;
import io.gamut.replication.message.JournalRecord.ClockBound;
import io.gamut.replication.message.JournalRecord.Dismissed;
import io.gamut.replication.message.JournalRecord.Fenced;
import io.gamut.replication.message.JournalRecord.GappedUpdates;
import io.gamut.replication.message.JournalRecord.LifeHeard;
import io.gamut.replication.message.JournalRecord.MembersChanged;
import io.gamut.replication.message.JournalRecord.NewOrigin;
import io.gamut.replication.message.JournalRecord.Updates;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.List;

/** Repeats at a start what the journal holds behind the checkpoint, record by record. */
final class Replay {
  private static final int READ_BYTES = 256 << 10;

  private final UpdateStore store;
  private final Stamping stamping;
  private final Peers peers;
  private final Membership membership;
  private final Reception reception;
  private final CatchUp catchUp;
  private final Delivery delivery;
  private final Intake intake;
  private final Fence fence;
  private final Dismissal dismissal;
  private long committed;

  Replay(
      UpdateStore store,
      Stamping stamping,
      Peers peers,
      Membership membership,
      Reception reception,
      CatchUp catchUp,
      Delivery delivery,
      Intake intake,
      Fence fence,
      Dismissal dismissal) {
    this.store = store;
    this.stamping = stamping;
    this.peers = peers;
    this.membership = membership;
    this.reception = reception;
    this.catchUp = catchUp;
    this.delivery = delivery;
    this.intake = intake;
    this.fence = fence;
    this.dismissal = dismissal;
  }

  void recover(JournalRecord record) {
    switch (record) {
      case Updates(List<Update> updates) -> recoverUpdates(reception.accept(updates));
      case GappedUpdates gapped -> intake.recover(gapped);
      case BarrierRaised(VersionVector shownByAll) -> catchUp.raiseBarrier(shownByAll);
      case CatchUpAbandoned _ -> intake.onAbandoned();
      case LifeHeard(NodeId node, long heard) -> peers.onBoot(node, heard);
      case Admitted(long index) -> committed = Math.max(committed, index);
      case Dismissed dismissed -> dismissal.recover(dismissed);
      case Fenced(long incarnation, long round) -> {
        fence.recover(incarnation, round);
        fence.onDurable(incarnation, round);
      }
      case NewOrigin(Origin origin) ->
          stamping.recoverOrigin(origin, reception.received().get(origin));
      case ClockBound(long timestamp) -> stamping.recoverBound(timestamp);
      case MembersChanged(MemberTable table) -> membership.merge(table.members());
    }
    catchUp.onReceived(reception.received());
    while (delivery.advance(reception.received())) {
      // A step shows a bounded number of updates; here they are all shown.
    }
  }

  private void recoverUpdates(List<Update> updates) {
    for (Update update : updates) {
      store.append(update);
      reception.onDurable(update.dot());
      if (stamping.recoverOwn(update)) {
        onOwn(update);
      }
    }
  }

  /** An own update was accepted only after what it depends on of the ledger had been applied. */
  private void onOwn(Update update) {
    committed = Math.max(committed, update.index());
    catchUp.onOwn(update.dot());
    if (delivery.mayShow(update)) {
      delivery.showOwn(update);
    }
  }

  /**
   * So much of the ledger was committed: own updates show it, and those that the store shows
   * already. It may have survived a crash ahead of the committed state, and would show these before
   * what they depend on.
   */
  long committed() {
    if (!catchUp.isUnderWay()) {
      VersionVector before = delivery.visible();
      VersionVector shown = shownWith(before);
      while (!shown.equals(before)) {
        before = shown;
        shown = shownWith(before);
      }
    }
    return committed;
  }

  /** With what the store shows, all that it depends on had been shown too. */
  private VersionVector shownWith(VersionVector known) {
    VersionVector[] shown = {known};
    VersionVector visible = delivery.visible();
    reception
        .received()
        .forEach((origin, last) -> {
          long next = visible.get(origin) + 1;
          while (next <= last) {
            List<Update> updates = store.read(origin, next, last, READ_BYTES);
            for (Update update : updates) {
              if (isShown(update, shown[0])) {
                shown[0] = shown[0].join(update.dependencies()).raisedTo(update.dot());
                committed = Math.max(committed, update.index());
              }
            }
            next = updates.isEmpty() ? last + 1 : updates.getLast().dot().sequence() + 1;
          }
        });
    return shown[0];
  }

  private boolean isShown(Update update, VersionVector shown) {
    Pair pair = store.lookup(update.key());
    return shown.covers(update.dot()) || (pair != null && pair.mark().equals(update.dot()));
  }
}
