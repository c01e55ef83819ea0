package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.JournalRecord.BarrierRaised;
import io.gamut.replication.message.JournalRecord.CatchUpAbandoned;
import io.gamut.replication.message.JournalRecord.ClockBound;
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
  private final UpdateStore store;
  private final Stamping stamping;
  private final Peers peers;
  private final Membership membership;
  private final Reception reception;
  private final CatchUp catchUp;
  private final Delivery delivery;
  private final Intake intake;
  private long committed;

  Replay(
      UpdateStore store,
      Stamping stamping,
      Peers peers,
      Membership membership,
      Reception reception,
      CatchUp catchUp,
      Delivery delivery,
      Intake intake) {
    this.store = store;
    this.stamping = stamping;
    this.peers = peers;
    this.membership = membership;
    this.reception = reception;
    this.catchUp = catchUp;
    this.delivery = delivery;
    this.intake = intake;
  }

  void recover(JournalRecord record) {
    switch (record) {
      case Updates(List<Update> updates) -> recoverUpdates(reception.accept(updates));
      case GappedUpdates gapped -> intake.recover(gapped);
      case BarrierRaised(VersionVector shownByAll) -> catchUp.raiseBarrier(shownByAll);
      case CatchUpAbandoned _ -> intake.onAbandoned();
      case LifeHeard(NodeId node, long heard) -> peers.onBoot(node, heard);
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

  /** So much of the ledger was committed, as own updates show. */
  long committed() {
    return committed;
  }
}
