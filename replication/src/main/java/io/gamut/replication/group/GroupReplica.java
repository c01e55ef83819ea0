package io.gamut.replication.group;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.Replica;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongReplica;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One replica of a group: the weak world and the strong one over one data set.
 *
 * <p>Each is a machine of its own. They meet here in three places: the weak world is told what of
 * the ledger is applied and shown, the strong one takes its timestamps and the updates that it
 * absorbs from the weak one, and a server that leaves does so in both.
 *
 * <p>Inputs are taken in turns: several steps, then {@link #endTurn}. Thread rules: one thread.
 */
public final class GroupReplica {
  private final Replica weak;
  private final UpdateStore updates;
  private final Participant self;
  private final Ledger ledger;
  private final CommittedStore committed;
  private final StateMachine machine;
  private @Nullable StrongReplica strong;
  private Input.@Nullable Leave leaving;
  private boolean isLeavingWeakly;
  private boolean isLifeKept;

  /**
   * A replica as its disk tells.
   *
   * @param weak recovered, not started
   * @param ledger recovered, not started
   */
  public GroupReplica(
      Replica weak,
      UpdateStore updates,
      Participant self,
      Ledger ledger,
      CommittedStore committed,
      StateMachine machine) {
    this.weak = weak;
    this.updates = updates;
    this.self = self;
    this.ledger = ledger;
    this.committed = committed;
    this.machine = machine;
  }

  /**
   * Begins to take part.
   *
   * @param known members that were heard of when joining; empty at a later start
   * @param trustDisk false if what was answered in the last life may be lost
   */
  public void start(MemberTable known, boolean trustDisk, Now now, GroupEffects effects) {
    weak.start(known, trustDisk, now, effects);
    Proposer proposer = new Proposer(self.incarnation(), weak.boot());
    strong = new StrongReplica(self, ledger, machine, committed, proposer, new Beside(), now);
    strong.start(now, effects);
    weak.step(applied(), now, effects);
  }

  private Input.Applied applied() {
    return new Input.Applied(machine.applied().index(), machine.absorbed(), machine.latest());
  }

  /** What the strong world uses of the weak one. */
  private final class Beside implements StrongReplica.Weak {
    @Override
    public long stamps(int count, long than, Now now) {
      return weak.stamps(count, than, now);
    }

    @Override
    public boolean hasLeft(NodeId node) {
      return weak.members().hasLeft(node);
    }

    @Override
    public VersionVector visible() {
      return weak.visible();
    }

    @Override
    public List<Update> read(Origin origin, long first, long last, int bytesMax) {
      return updates.read(origin, first, last, bytesMax);
    }
  }

  /** Takes an input of the weak world. */
  public void step(Input input, Now now, GroupEffects effects) {
    if (input instanceof Input.Leave leave && leaving == null && weak.hasOthers()) {
      leaving = leave;
      strong().leave(now);
    } else {
      weak.step(input, now, effects);
    }
  }

  /** Takes an input of the strong world. */
  public void step(StrongInput input, Now now, GroupEffects effects) {
    strong().step(input, now, effects);
  }

  /**
   * The first records of each kind that were given to the journal are durable, so many.
   *
   * @param ofWeak the weak world's
   * @param ofLedger the ledger's
   */
  public void onPersisted(long ofWeak, long ofLedger, Now now, GroupEffects effects) {
    step(new Input.Persisted(ofWeak), now, effects);
    if (ofWeak > 0 && !isLifeKept) {
      // The first record of each life is the bound of its clock, which its boot is below.
      isLifeKept = true;
      step(StrongInput.LifeKept.LIFE_KEPT, now, effects);
    }
    step(new StrongInput.Persisted(ofLedger), now, effects);
  }

  /** Does what is shared by all steps of a turn, and sends what has gathered. */
  public void endTurn(Now now, GroupEffects effects) {
    tellApplied(now, effects);
    strong().endTurn(now, effects);
    tellApplied(now, effects);
    leaveWeakly(now, effects);
  }

  /**
   * Goes on to leave the weak world once the ledger has let go, while the others still listen: they
   * close their links as soon as they hear that it is no member. If it has become the last one, it
   * stays, and the weak world says so.
   */
  private void leaveWeakly(Now now, GroupEffects effects) {
    Input.Leave leave = leaving;
    if (leave == null || isLeavingWeakly) {
      return;
    }
    if (!weak.hasOthers()) {
      leaving = null;
      strong().stay();
      weak.step(leave, now, effects);
    } else if (strong().hasLeft()) {
      isLeavingWeakly = true;
      weak.step(leave, now, effects);
    }
  }

  private void tellApplied(Now now, GroupEffects effects) {
    if (strong().takeApplied()) {
      step(applied(), now, effects);
    }
  }

  private StrongReplica strong() {
    return Objects.requireNonNull(strong, "the replica has not been started");
  }

  // What the outside may look at

  /** When {@link Input.Tick} and {@link StrongInput.Tick} must come at the latest. */
  public long wakeAtNanos(Now now) {
    long ofWeak = weak.wakeAtNanos(now);
    long ofStrong = strong().wakeAtNanos(now);
    return ofWeak - ofStrong < 0 ? ofWeak : ofStrong;
  }

  public Replica weak() {
    return weak;
  }

  public Ledger ledger() {
    return ledger;
  }

  public StateMachine machine() {
    return machine;
  }
}
