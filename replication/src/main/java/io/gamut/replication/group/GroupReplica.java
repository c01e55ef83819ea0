package io.gamut.replication.group;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.VersionVector;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Dismissal;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.Promise;
import io.gamut.replication.Replica;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.Update;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.store.UpdateStore;
import io.gamut.replication.strong.Outlook;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongReplica;
import io.gamut.replication.strong.WeakWorld;
import java.util.ArrayDeque;
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
  private boolean isLeavingStrongly;
  private boolean isLeavingWeakly;
  private long keptBoot;
  private boolean isPutOut;
  private final ArrayDeque<Input> wishes = new ArrayDeque<>();
  private final Forgetting forgetting;
  private final long collectNanos;

  /** Between two looks for tombstones that may be collected. */
  public static final long COLLECT_NANOS = 10_000_000_000L;

  /**
   * A replica as its disk tells.
   *
   * @param weak recovered, not started
   * @param ledger recovered, not started
   * @param collectNanos {@link #COLLECT_NANOS}, or another in a simulation
   */
  public GroupReplica(
      Replica weak,
      UpdateStore updates,
      Participant self,
      Ledger ledger,
      CommittedStore committed,
      StateMachine machine,
      long collectNanos) {
    this.weak = weak;
    this.updates = updates;
    this.self = self;
    this.ledger = ledger;
    this.committed = committed;
    this.machine = machine;
    this.collectNanos = collectNanos;
    forgetting = new Forgetting(self, machine);
  }

  /**
   * Begins to take part.
   *
   * @param known members that were heard of when joining; empty at a later start
   * @param trustDisk false if what was answered in the last life may be lost
   */
  public void start(MemberTable known, boolean trustDisk, Now now, GroupEffects effects) {
    boolean isReturning = weak.members().hasLeft(self) && weak.dismissal().index() == 0;
    weak.start(known, trustDisk, now, effects);
    if (isReturning) {
      dismiss(Dismissal.UNTIL_TOLD, now, effects); // it left under a release that kept nothing
    }
    Proposer proposer = new Proposer(self.incarnation(), weak.boot());
    strong =
        new StrongReplica(
            self, ledger, machine, committed, proposer, new Beside(), collectNanos, now);
    strong.start(now, effects);
    weak.step(applied(), now, effects);
    fulfil(now, effects);
  }

  private Input.Applied applied() {
    return new Input.Applied(
        machine.applied().index(),
        machine.absorbed(),
        machine.latest(),
        machine.lost(),
        isAdmitted());
  }

  /** Whether it is a member, as far as the ledger is applied, and may say so. */
  public boolean isAdmitted() {
    boolean mayBeOver = !isLeaving() && machine.applied().index() < weak.dismissal().index();
    return machine.applied().configuration().contains(self)
        && !machine.isGone(self)
        && !isPutOut
        && !mayBeOver;
  }

  /** While it leaves, it takes what others write: they may leave too, and count on it. */
  private boolean isLeaving() {
    return leaving != null;
  }

  /** Remembers that it may be let go, or was: at an index, if that is told. */
  private void dismiss(long told, Now now, GroupEffects effects) {
    long index = told == 0 ? Dismissal.UNTIL_TOLD : told;
    if (weak.dismissal().index() != index) {
      weak.step(new Input.Dismiss(index), now, effects);
      weak.step(applied(), now, effects);
    }
  }

  /**
   * A server that had asked to be let go, and is started again, may not have applied its own
   * removal, nor been told of it. Once something is applied that was proposed in this life, so is
   * all that was decided on what it asked in an earlier one.
   */
  private void endReturn(Now now, GroupEffects effects) {
    if (isLeaving() || isPutOut || weak.dismissal().index() != Dismissal.UNTIL_TOLD) {
      return;
    }
    if (machine.lastOf(new Proposer(self.incarnation(), weak.boot())) > 0) {
      dismiss(machine.applied().index(), now, effects);
    } else if (ledger.leader() != null && machine.applied().configuration().contains(self)) {
      strong().moveTime(now);
    }
  }

  /** What the strong world uses of the weak one. */
  private final class Beside implements WeakWorld {
    @Override
    public long stamps(int count, long than, Now now) {
      return weak.stamps(count, than, now);
    }

    @Override
    public boolean isClockTrusted(boolean isAlone, Now now) {
      return weak.isClockTrusted(isAlone, now);
    }

    @Override
    public boolean hasLeft(Participant member) {
      return weak.members().hasLeft(member);
    }

    @Override
    public long boot() {
      return weak.boot();
    }

    @Override
    public long boot(NodeId node) {
      return weak.boot(node);
    }

    @Override
    public boolean isFenced(long incarnation, long round) {
      return weak.isFenced(incarnation, round);
    }

    @Override
    public void setFence(long incarnation, long round) {
      wishes.add(new Input.SetFence(incarnation, round));
    }

    @Override
    public VersionVector held() {
      return weak.told();
    }

    @Override
    public @Nullable Promise promise() {
      return weak.promise();
    }

    @Override
    public void makePromise() {
      wishes.add(new Input.MakePromise());
    }

    @Override
    public VersionVector reachable(VersionVector dependencies) {
      return machine.ends().reachable(dependencies);
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
      weak.step(new Input.Pause(true), now, effects);
    } else {
      weak.step(input, now, effects);
    }
  }

  /** Takes an input of the strong world. */
  public void step(StrongInput input, Now now, GroupEffects effects) {
    strong().step(input, now, effects);
    fulfil(now, effects);
  }

  /**
   * The first records of each kind that were given to the journal are durable, so many.
   *
   * @param ofWeak the weak world's
   * @param ofLedger the ledger's
   */
  public void onPersisted(long ofWeak, long ofLedger, Now now, GroupEffects effects) {
    step(new Input.Persisted(ofWeak), now, effects);
    if (weak.keptBoot() == weak.boot() && keptBoot != weak.boot()) {
      keptBoot = weak.boot();
      step(StrongInput.LifeKept.LIFE_KEPT, now, effects);
    }
    step(new StrongInput.Persisted(ofLedger), now, effects);
  }

  /** Does what is shared by all steps of a turn, and sends what has gathered. */
  public void endTurn(Now now, GroupEffects effects) {
    tellApplied(now, effects);
    strong().endTurn(now, effects);
    tellApplied(now, effects);
    endReturn(now, effects);
    fulfil(now, effects);
    leave(now, effects);
  }

  /**
   * Leaves the ledger once all own writes are absorbed: from then on the floor does not wait for
   * this server's promises any more. It leaves the weak world once the ledger has let go, while the
   * others still listen: they close their links as soon as they hear that it is no member. If it
   * has become the last one, it stays, and the weak world says so.
   */
  private void leave(Now now, GroupEffects effects) {
    Input.Leave leave = leaving;
    if (leave == null || isLeavingWeakly) {
      return;
    }
    if (!weak.hasOthers()) {
      leaving = null;
      isLeavingStrongly = false;
      strong().stay();
      weak.step(new Input.Pause(false), now, effects);
      weak.step(leave, now, effects);
    } else if (!isLeavingStrongly && weak.areOwnWithin(machine.absorbed())) {
      // What it asks for may be done without its ever hearing of it: its next life must know.
      dismiss(Dismissal.UNTIL_TOLD, now, effects);
      isLeavingStrongly = weak.dismissal().durableIndex() == Dismissal.UNTIL_TOLD;
      if (isLeavingStrongly) {
        strong().leave(now);
      }
    } else if (isLeavingStrongly && strong().hasLeft()) {
      isLeavingWeakly = true;
      dismiss(strong().dismissedAt(), now, effects);
      weak.step(leave, now, effects);
    }
  }

  /** Does what the strong world wants of the weak one. */
  private void fulfil(Now now, GroupEffects effects) {
    for (Input wish = wishes.poll(); wish != null; wish = wishes.poll()) {
      weak.step(wish, now, effects);
    }
    requirePlace(now, effects);
  }

  /**
   * Throws {@link RemovedException} if this server's disk was given up, or holds what was. The
   * first only once that is on the disk: whoever starts it again must not find it a member.
   */
  private void requirePlace(Now now, GroupEffects effects) {
    if (strong().isExpelled() && !isPutOut) {
      isPutOut = true;
      dismiss(strong().dismissedAt(), now, effects);
    }
    if (isPutOut && weak.dismissal().durableIndex() == weak.dismissal().index()) {
      throw new RemovedException(
          "this server was removed from the cluster by force, and cannot come back with what it"
              + " holds. Nothing of that is deleted; start it with an empty data directory, under"
              + " another id");
    }
    if (machine.ends().isBeyond(weak.told())) {
      throw new RemovedException(
          "this server holds updates that the cluster has given up with a lost disk, and cannot"
              + " come back with them. Nothing is deleted; start it with an empty data directory");
    }
  }

  private void tellApplied(Now now, GroupEffects effects) {
    boolean isMore = strong().takeApplied();
    if (isMore) {
      step(applied(), now, effects);
    }
    for (Participant gone : forgetting.due(weak.members(), isMore)) {
      weak.step(new Input.Forget(gone), now, effects);
    }
  }

  private StrongReplica strong() {
    return Objects.requireNonNull(strong, "the replica has not been started");
  }

  // What the outside may look at

  /**
   * How this server stands, as gateways are told.
   *
   * @param antiEntropyBytes sent to others because they asked for what they lacked
   */
  public Standing standing(long antiEntropyBytes, Now now) {
    Participant leader = ledger.leader();
    return new Standing(
        isAdmitted(),
        outlook(now).isHopeless(),
        weak.time(now),
        machine.millis(),
        leader == null ? null : leader.node(),
        ledger.term(),
        machine.applied().index(),
        ledger.lastIndex(),
        machine.hash(),
        machine.floor(),
        machine.discarded(),
        ledger.configuration(),
        machine.ends(),
        machine.absorbed(),
        weak.received(),
        weak.visible(),
        weak.stable(),
        weak.isSettled(),
        weak.members(),
        antiEntropyBytes);
  }

  /** What strong reads may count on. */
  public Outlook outlook(Now now) {
    return strong == null ? new Outlook(false, Reply.Read.AGE_UNKNOWN) : strong.outlook(now);
  }

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
