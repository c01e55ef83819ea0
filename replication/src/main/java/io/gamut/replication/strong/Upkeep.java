package io.gamut.replication.strong;

import io.gamut.core.Ends;
import io.gamut.core.NodeId;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import io.gamut.replication.Promise;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.strong.StrongMessage.Expelled;
import io.gamut.replication.strong.StrongMessage.Holdings;
import io.gamut.replication.strong.StrongMessage.Inquiry;
import io.gamut.replication.strong.StrongMessage.Promised;
import io.gamut.replication.strong.StrongMessage.Removal;
import org.jspecify.annotations.Nullable;

/** What keeps the committed state small, and free of what will never come. */
final class Upkeep {
  private final Participant self;
  private final StateMachine machine;
  private final Weak weak;
  private final Removals removals;
  private final Closing closing;
  private final Collecting collecting;
  private final Sweep sweep;
  private boolean isExpelled;
  private long expelledAt;

  /** What it uses of the weak world. */
  interface Weak extends Closing.Holder {
    /** The last durable promise not to stamp; null for none. */
    @Nullable Promise promise();

    /** Have another promise made. */
    void makePromise();
  }

  Upkeep(
      Participant self,
      StateMachine machine,
      CommittedStore store,
      Weak weak,
      long collectNanos,
      Now now) {
    this.self = self;
    this.machine = machine;
    this.weak = weak;
    removals = new Removals(self, machine, now);
    closing = new Closing(machine, weak, now);
    collecting = new Collecting(machine, collectNanos, now);
    sweep = new Sweep(store);
  }

  void request(StrongInput.Remove removal, @Nullable Participant leader, StrongEffects effects) {
    removals.request(removal, leader == null ? null : leader.node(), effects);
  }

  void onMessage(NodeId from, StrongMessage.OfUpkeep message, Now now, StrongEffects effects) {
    switch (message) {
      case Removal(Participant member) -> removals.onAsked(member, now);
      case Expelled expelled -> onExpelled(expelled);
      case Inquiry inquiry -> {
        Ends held = closing.onInquiry(inquiry);
        if (held != null) {
          effects.tell(from, new Holdings(inquiry.gone(), inquiry.round(), self, held));
        }
      }
      case Holdings holdings -> closing.onHoldings(holdings);
      case Promised promised -> collecting.onPromised(promised);
    }
  }

  private void onExpelled(Expelled expelled) {
    if (!isExpelled && expelled.gone().equals(self)) {
      isExpelled = true;
      expelledAt = expelled.index();
    }
  }

  /** What every replica does. */
  void advance(@Nullable Participant leader, Now now, StrongEffects effects) {
    sweep.advance();
    removals.advance(now, effects);
    collecting.advance(self, leader, weak.promise(), now, effects);
    if (collecting.takeWantsPromise()) {
      weak.makePromise();
    }
  }

  /**
   * What the leader does.
   *
   * @param latest the configuration that may be in force next
   */
  void lead(
      Participation participation,
      Configuration latest,
      Now now,
      OwnLedger ledger,
      StrongEffects effects) {
    Configuration members = machine.applied().configuration();
    removals.lead(participation.replaced(members, now), now, ledger);
    Participant gone = machine.toClose();
    // Its server may come with what the old disk held: then it is asked too, once it is a member.
    if (gone == null || !participation.isEntering(gone.node(), latest, now)) {
      closing.lead(self, latest, now, ledger, effects);
    }
    collecting.lead(now, ledger);
  }

  /** Whether this server is no member, and will not be one with this disk. */
  boolean isExpelled() {
    return isExpelled || machine.isGone(self);
  }

  /** The index of the ledger at which it was not, as far as it was told. */
  long expelledAt() {
    return isExpelled ? expelledAt : machine.applied().index();
  }
}
