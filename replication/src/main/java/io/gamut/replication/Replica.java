package io.gamut.replication;

import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.AwaitingDisk.BarrierRaise;
import io.gamut.replication.AwaitingDisk.CatchUpEnd;
import io.gamut.replication.AwaitingDisk.DismissalKept;
import io.gamut.replication.AwaitingDisk.FenceSet;
import io.gamut.replication.AwaitingDisk.Left;
import io.gamut.replication.AwaitingDisk.LifeKept;
import io.gamut.replication.AwaitingDisk.Nothing;
import io.gamut.replication.AwaitingDisk.OriginDrawn;
import io.gamut.replication.AwaitingDisk.OwnWrite;
import io.gamut.replication.AwaitingDisk.PromiseKept;
import io.gamut.replication.AwaitingDisk.Taken;
import io.gamut.replication.AwaitingDisk.TakenGapped;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.JournalRecord.BarrierRaised;
import io.gamut.replication.message.JournalRecord.LifeHeard;
import io.gamut.replication.message.JournalRecord.Updates;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage.Advert;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Envelope;
import io.gamut.replication.message.PeerMessage.Members;
import io.gamut.replication.message.PeerMessage.OriginAnswer;
import io.gamut.replication.message.PeerMessage.OriginQuery;
import io.gamut.replication.message.PeerMessage.Outdated;
import io.gamut.replication.message.PeerMessage.Pull;
import io.gamut.replication.message.PeerMessage.Spread;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica of the weak world: takes weak writes, spreads them, receives those of others, and
 * says what may be read.
 *
 * <p>A pure state machine: {@link #step} takes an input and the time and says what is to be done
 * ({@link Effects}). It wires the small machines of this package; what each promises, and why it
 * holds, stands there.
 *
 * <p><b>The way of an update.</b> A write is numbered, stamped and given to the journal. Once
 * durable it is received, shown and answered, all at once, and then spread. At another replica it
 * is accepted in the order of its origin, given to the journal, and once durable received; it is
 * shown when all that it depends on is. Others are only ever told what is durable here: with fsync,
 * then, no update is lost that anybody but its writer has seen.
 *
 * <p>Thread rules: one thread. A replica is made from a {@link ReplicaState}, fed the journal's
 * records behind it ({@link #recover}), then {@linkplain #start started}.
 */
public final class Replica {
  private final long incarnation;
  private final Timing timing;
  private final UpdateStore store;
  private final View view;
  private final LedgerProgress ledger;
  private final DiskQueue disk = new DiskQueue();
  private final Stamping stamping;
  private final Peers peers;
  private final ClockGuard clockGuard;
  private final Membership membership;
  private final Reception reception;
  private final CatchUp catchUp;
  private final Delivery delivery;
  private final Fence fence;
  private final Promising promising;
  private final Standings standings;
  private final Intake intake;
  private final ReadGate gate;
  private final Stability stability;
  private final AntiEntropy antiEntropy;
  private final Adverts adverts;
  private final Spreading spreading;
  private final Departure departure = new Departure();
  private final Replay replay;
  private final Admission admission;
  private final OwnLife life;
  private final Dismissal dismissal;
  private long nextTickNanos;
  private boolean moreToShow;

  public Replica(
      NodeId self,
      long incarnation,
      String address,
      Timing timing,
      View view,
      Entropy entropy,
      ReplicaState state) {
    this.incarnation = incarnation;
    this.timing = timing;
    this.view = view;
    store = view.tentative();
    ledger = new LedgerProgress(view.committed());
    stamping = new Stamping(entropy, incarnation, disk, state);
    peers = new Peers(state.peerBoots());
    clockGuard = new ClockGuard(self);
    life = new OwnLife(self, stamping, peers, disk);
    membership = new Membership(new Participant(self, incarnation), state.members());
    reception = new Reception(state.received());
    catchUp = new CatchUp(state.barrier(), state.awaited(), state.solid());
    delivery = new Delivery(store, catchUp, ledger, state.visible());
    fence = new Fence(ledger, reception, state.fences());
    dismissal = new Dismissal(state.dismissed());
    promising = new Promising(stamping, reception, disk);
    standings = new Standings(address, membership, stamping, ledger, disk);
    intake = new Intake(reception, catchUp, delivery, stamping, store, disk, fence);
    gate = new ReadGate(view, ledger);
    stability = new Stability(timing, store, catchUp);
    antiEntropy = new AntiEntropy(timing, store, entropy);
    adverts = new Adverts(timing);
    spreading = new Spreading(timing);
    admission =
        new Admission(
            departure, membership, reception, stamping, clockGuard, ledger, view.committed());
    replay =
        new Replay(
            store,
            stamping,
            peers,
            membership,
            reception,
            catchUp,
            delivery,
            intake,
            fence,
            dismissal);
  }

  /** Takes in a record that was found in the journal behind the checkpoint, in order. */
  public void recover(JournalRecord record) {
    replay.recover(record);
  }

  /** What was recovered shows that the ledger was committed at least up to here. */
  public long recoveredCommit() {
    return replay.committed();
  }

  /**
   * Begins to take part, once everything has been recovered. Before the first write, {@link
   * Input.Applied} must say that the ledger is applied as far as own updates depend on it.
   *
   * @param known members that were heard of when joining; empty at a later start
   * @param trustDisk false after an unclean start with a durability below fsync: what was answered
   *     may be lost, so a new origin is drawn
   */
  public void start(MemberTable known, boolean trustDisk, Now now, Effects effects) {
    nextTickNanos = now.nanos();
    life.begin(0, now, effects);
    if (!trustDisk || stamping.own().isUnused() || !stamping.isOwnOfThisDisk()) {
      stamping.drawOrigin(effects);
    }
    standings.start(known, now, effects);
    stamping.own().settle(membership.others());
    standings.tell(effects);
    moreToShow = true; // what was received before may not all have been shown
    finish(now, effects);
  }

  /** Takes one input and says what is to be done because of it. */
  public void step(Input input, Now now, Effects effects) {
    clockGuard.onTime(now);
    switch (input) {
      case Input.Write write -> onWrite(write, now, effects);
      case Input.Read read -> onRead(read, now, effects);
      case Input.Leave leave -> departure.begin(leave, membership.others(), effects);
      case Input.Received(NodeId from, Envelope envelope) ->
          onReceived(from, envelope, now, effects);
      case Input.Persisted(long count) ->
          disk.onPersisted(count, done -> onDurable(done, now, effects));
      case Input.NeighbourUp(NodeId node) -> onNeighbourUp(node, now, effects);
      case Input.NeighbourDown(NodeId node) -> {
        peers.onNeighbourDown(node);
        antiEntropy.onNeighbourDown(node);
      }
      case Input.Applied applied -> {
        ledger.onApplied(applied, disk, effects);
        intake.abandonIfVoid(applied.lost(), effects);
        standings.onApplied(now, effects);
        stamping.observe(applied.latest());
        delivery.showRest(stamping.own().origin(), reception.received());
        moreToShow = true;
      }
      case Input.SetFence(long lost, long round) -> fence.set(lost, round, disk, effects);
      case Input.Dismiss(long index) -> dismissal.set(index, disk, effects);
      case Input.MakePromise _ -> promising.begin(now, effects);
      case Input.Forget(Participant gone) -> standings.forget(gone, effects);
      case Input.Pause(boolean isPaused) -> {
        admission.pause(isPaused);
        fence.leave(isPaused);
      }
      case Input.Tick tick -> {}
    }
    finish(now, effects);
  }

  // Requests

  private void onWrite(Input.Write write, Now now, Effects effects) {
    Reply.Failed refusal = admission.refusal(write, now);
    if (refusal != null) {
      effects.reply(write.request(), refusal);
    } else if (gate.isOpen(write, delivery.visible())) {
      accept(write, now, effects);
    } else {
      gate.hold(write, now, effects);
    }
  }

  /** Gives a write whose dependencies are visible to the journal. */
  private void accept(Input.Write write, Now now, Effects effects) {
    Update update = stamping.update(write, now, effects);
    reception.acceptOwn(update.dot());
    departure.onOwnAccepted();
    disk.persist(new Updates(List.of(update)), new OwnWrite(update, write.request()), effects);
  }

  private void onRead(Input.Read read, Now now, Effects effects) {
    if (isReadable(read.key(), read.requirement())) {
      effects.reply(read.request(), new Reply.Read(view.lookup(read.key()), ledger.applied()));
    } else {
      gate.hold(read, now, effects);
    }
  }

  /** Whether the view may answer a read with this requirement as it is. */
  public boolean isReadable(Key key, Requirement requirement) {
    return isSettled() && gate.isOpen(key, requirement, delivery.visible());
  }

  // The disk

  private void onDurable(AwaitingDisk done, Now now, Effects effects) {
    moreToShow = true;
    switch (done) {
      case OwnWrite(Update update, long request) -> onOwnDurable(update, request, now, effects);
      case Taken taken -> {
        intake.onDurable(taken);
        adverts.onReceived(taken.pulled());
      }
      case TakenGapped taken -> {
        intake.onDurable(taken);
        adverts.onReceived(true);
      }
      case BarrierRaise(VersionVector shownByAll) -> catchUp.raiseBarrier(shownByAll);
      case CatchUpEnd _ -> intake.onAbandoned();
      case OriginDrawn(Origin origin) -> stamping.onOriginDurable(origin);
      case Left(long request) -> {
        standings.tell(effects);
        effects.reply(request, new Reply.Done());
      }
      case LifeKept kept -> life.onDurable(kept, reception.accepted(), effects);
      case FenceSet(long lost, long round) -> fence.onDurable(lost, round);
      case DismissalKept(long index) -> dismissal.onDurable(index);
      case PromiseKept(Promise promise) -> promising.onDurable(promise);
      case Nothing.NOTHING -> {}
    }
  }

  private void onOwnDurable(Update update, long request, Now now, Effects effects) {
    store.append(update);
    reception.onDurable(update.dot());
    departure.onOwnDurable();
    catchUp.onOwn(update.dot());
    Pair before = view.lookup(update.key());
    delivery.showOwn(update);
    boolean replaced = before != null && before.valueAt(now.wallMillis()) != null;
    effects.reply(request, new Reply.Written(update.version(), update.dot(), replaced));
    spreading.add(update, now);
    adverts.onReceived(false);
  }

  // Other replicas

  private void onReceived(NodeId from, Envelope envelope, Now now, Effects effects) {
    switch (peers.onBoot(from, envelope.boot())) {
      case OVER -> {
        effects.send(from, new Outdated(peers.boot(from)));
        return;
      }
      case NEW -> {
        disk.persist(new LifeHeard(from, envelope.boot()), effects);
        reception.forgetEarly();
        antiEntropy.onNeighbourDown(from);
      }
      case SAME -> {}
    }
    switch (envelope.message()) {
      case Spread(List<Update> updates) -> intake.take(updates, false, now, effects);
      case Advert advert -> onAdvert(from, advert, now, effects);
      case Pull pull -> effects.send(from, antiEntropy.answer(pull, told(), catchUp.barrier()));
      case Batch batch -> onBatch(from, batch, now, effects);
      case OriginQuery(Origin origin) -> life.onQuery(from, envelope.boot(), origin, effects);
      case OriginAnswer answer -> life.onAnswer(from, answer, membership.others(), effects);
      case Members(MemberTable table) -> standings.merge(table, now, effects);
      case Outdated(long known) -> onOutdated(known, now, effects);
    }
  }

  private void onOutdated(long known, Now now, Effects effects) {
    if (life.onOutdated(known, membership.others(), now, effects)) {
      effects.broadcast(advert(true, now));
    }
  }

  private void onBatch(NodeId from, Batch batch, Now now, Effects effects) {
    VersionVector before = reception.accepted();
    intake.takeBatch(batch, now, effects);
    peers.onBarrier(from, batch.barrier());
    antiEntropy.onBatch(from, batch, !before.equals(reception.accepted()), now);
  }

  private void onAdvert(NodeId from, Advert advert, Now now, Effects effects) {
    peers.onAdvert(from, advert.received(), advert.visible());
    clockGuard.onAdvert(from, advert.wallMillis(), advert.ahead(), now.wallMillis());
    VersionVector held = ledger.reachable(advert.received());
    antiEntropy.onAdvert(held, advert.fresh(), reception.accepted(), now);
    if (advert.membersDigest() != membership.table().digest()) {
      effects.send(from, new Members(membership.table()));
    }
    stamping.onKnownElsewhere(advert.received(), effects);
  }

  private void onNeighbourUp(NodeId node, Now now, Effects effects) {
    peers.onNeighbourUp(node);
    effects.send(node, advert(true, now));
    life.ask(node, effects);
  }

  private Advert advert(boolean fresh, Now now) {
    return new Advert(
        told(),
        delivery.visible(),
        fresh,
        membership.table().digest(),
        now.wallMillis(),
        clockGuard.ahead());
  }

  // What follows every step

  private void finish(Now now, Effects effects) {
    if (moreToShow) {
      moreToShow = delivery.advance(reception.received());
    }
    gate.onProgress(delivery.visible(), isSettled(), now, effects, this::onWrite);
    spreading.flush(now, effects);
    if (now.nanos() - nextTickNanos >= 0) {
      nextTickNanos = now.nanos() + timing.tickNanos();
      onTick(now, effects);
    }
    if (adverts.isDue(now)) {
      effects.broadcast(advert(adverts.takeFresh(now), now));
    }
    if (!disk.isBehind(timing)) {
      antiEntropy.ask(reception.accepted(), peers, now, effects);
    }
  }

  private void onTick(Now now, Effects effects) {
    membership.others().forEach(node -> life.ask(node, effects));
    VersionVector shownByAll =
        ledger.notNeeded(peers.shownByAll(delivery.visible(), membership.others()));
    if (stability.advance(shownByAll, now)) {
      disk.persist(new BarrierRaised(shownByAll), new BarrierRaise(shownByAll), effects);
    }
    intake.abandonIfHopeless(peers, membership.others(), effects);
    if (departure.isDue(told(), peers, membership.others())) {
      standings.leave(new Left(departure.end()), now, effects);
    }
  }

  // What the outside may look at

  /** When {@link Input.Tick} must come at the latest, unless another input does. */
  public long wakeAtNanos(Now now) {
    if (moreToShow) {
      return now.nanos();
    }
    long wake = gate.earliestDeadlineNanos(nextTickNanos);
    if (!spreading.isEmpty() && spreading.dueNanos() - wake < 0) {
      wake = spreading.dueNanos();
    }
    return wake;
  }

  /** The boot that this replica's messages must carry. */
  public long boot() {
    return life.boot();
  }

  /** The last boot that is durable: no later life can have an earlier one. */
  public long keptBoot() {
    return life.keptBoot();
  }

  /**
   * Whether what this replica's clock stamps may go into the ledger.
   *
   * @param isAlone whether the ledger goes on here without any other server
   */
  public boolean isClockTrusted(boolean isAlone, Now now) {
    return clockGuard.isTrusted(membership.others(), isAlone, now);
  }

  /** The first of {@code count} consecutive timestamps, all greater than {@code than}. */
  public long stamps(int count, long than, Now now) {
    return stamping.stamps(count, than, now);
  }

  /** What it would stamp now; its clock does not go on to it. */
  public long time(Now now) {
    return stamping.time(now);
  }

  /** What is durable here. */
  public VersionVector received() {
    return reception.received();
  }

  /** What others may be told that this replica holds. */
  public VersionVector told() {
    return catchUp.told(reception.received());
  }

  /** What the view shows. */
  public VersionVector visible() {
    return delivery.visible();
  }

  /** Whether the view may be read: not for a moment at the end of catching up over gaps. */
  public boolean isSettled() {
    return delivery.isSettled();
  }

  /** Whether nothing more is taken of a lost disk, durably, until it was closed so often. */
  public boolean isFenced(long lost, long round) {
    return fence.isSet(lost, round);
  }

  /** Whether all own writes are within, but for those that are gone for good. */
  public boolean areOwnWithin(VersionVector absorbed) {
    return reception.isWithin(incarnation, absorbed);
  }

  /** The last promise that is durable, of this life; null for none. */
  public @Nullable Promise promise() {
    return promising.kept();
  }

  /** The highest boot heard of a server, 0 when none was. */
  public long boot(NodeId node) {
    return peers.boot(node);
  }

  /** From where on the ledger decides whether this disk is a member. */
  public Dismissal dismissal() {
    return dismissal;
  }

  /** What every member shows. */
  public VersionVector stable() {
    return stability.stable();
  }

  /** Whether there are other members. */
  public boolean hasOthers() {
    return !membership.others().isEmpty();
  }

  public MemberTable members() {
    return membership.table();
  }

  /** What a checkpoint must keep: the effect of all records that were reported durable so far. */
  public ReplicaState state() {
    return new ReplicaState(
        stamping.durableOrigin(),
        reception.received(),
        delivery.visible(),
        catchUp.barrier(),
        catchUp.awaited(),
        catchUp.solid(),
        stamping.bound(),
        membership.table(),
        peers.boots(),
        fence.durable(),
        dismissal.durableIndex());
  }
}
