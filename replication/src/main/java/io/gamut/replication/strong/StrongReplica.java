package io.gamut.replication.strong;

import io.gamut.core.ErrorCode;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.replication.Now;
import io.gamut.replication.committed.CommandCodec;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.strong.StrongMessage.Application;
import io.gamut.replication.strong.StrongMessage.Bid;
import io.gamut.replication.strong.StrongMessage.Declined;
import io.gamut.replication.strong.StrongMessage.Expelled;
import io.gamut.replication.strong.StrongMessage.Offer;
import io.gamut.replication.strong.StrongMessage.Position;
import io.gamut.replication.strong.StrongMessage.Reason;
import io.gamut.replication.strong.StrongMessage.Released;
import io.gamut.replication.strong.StrongMessage.Resignation;
import io.gamut.replication.strong.StrongMessage.Urge;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One replica of the strong world: takes strong operations and reads, has them ordered and
 * confirmed by the ledger, applies what is committed, and, while it leads, absorbs weak updates.
 *
 * <p>A pure state machine, as {@link io.gamut.replication.Replica} is. It wires the ledger, the
 * {@link StateMachine}, and the small machines of this package; what each promises stands there.
 *
 * <p>Thread rules: one thread.
 */
public final class StrongReplica {
  /** A request that nobody made. */
  private static final long NOBODY = 0;

  /** An operation that only moves ledger time is not worth more. */
  private static final long NOTHING_NANOS = 1_000_000_000;

  private static final long TICK_NANOS = 20_000_000;
  private static final long POSITION_NANOS = 100_000_000;
  private final Participant self;
  private final Ledger ledger;
  private final StateMachine machine;
  private final Proposing proposing;
  private final Bids bids;
  private final OperationGate gate;
  private final StrongReads reads;
  private final Absorbing absorbing;
  private final Urging urging;
  private final Participation participation;
  private final Quorum quorum;
  private final Upkeep upkeep;
  private final Supplies supplies = new Supplies();
  private final OwnClock clock;
  private final WeakWorld weak;

  private final Map<Long, Proposal> proposals = new HashMap<>();
  private long requests;
  private long toldIndex;
  private long nextTickNanos;
  private long nextPositionNanos;
  private boolean isLeaderNew;

  /**
   * A replica as its disk tells.
   *
   * @param ledger not started yet
   * @param proposer nobody proposes under the same one, now or, once {@link StrongInput.LifeKept}
   *     has said so, later
   */
  public StrongReplica(
      Participant self,
      Ledger ledger,
      StateMachine machine,
      CommittedStore store,
      Proposer proposer,
      WeakWorld weak,
      long collectNanos,
      Now now) {
    this.self = self;
    this.weak = weak;
    this.ledger = ledger;
    this.machine = machine;
    proposing = Proposing.beside(machine, proposer, weak::stamps);
    bids = new Bids(machine);
    gate = new OperationGate(machine, proposing);
    reads = new StrongReads(machine);
    absorbing = new Absorbing(weak);
    urging = new Urging(now);
    participation = new Participation(self, weak::hasLeft, machine::isGone, weak::boot, now);
    upkeep = new Upkeep(self, machine, store, weak, collectNanos, now);
    clock = new OwnClock(at -> weak.isClockTrusted(ledger.configuration().isOnlyVoter(self), at));
    toldIndex = machine.applied().index();
    nextTickNanos = now.nanos();
    nextPositionNanos = now.nanos();
    quorum = new Quorum(self, ledger, now);
  }

  /** Begins to take part. */
  public void start(Now now, StrongEffects effects) {
    ledger.start(now.nanos(), new Wiring(now, effects));
    finish(now, effects);
  }

  /** Takes one input and says what is to be done because of it. */
  public void step(StrongInput input, Now now, StrongEffects effects) {
    switch (input) {
      case StrongInput.Execute execute -> onExecute(execute, now, effects);
      case StrongInput.Read read -> reads.add(read, now, effects);
      case StrongInput.FromLedger(NodeId from, LedgerMessage.Envelope envelope) -> {
        if (envelope.receiver() == self.incarnation()) {
          Participant sender = new Participant(from, envelope.sender());
          feed(new LedgerInput.Received(sender, envelope.message()), now, effects);
        }
      }
      case StrongInput.FromReplica(NodeId from, StrongMessage message) ->
          onMessage(from, message, now, effects);
      case StrongInput.Persisted(long count) ->
          feed(new LedgerInput.Persisted(count), now, effects);
      case StrongInput.Saved(long index) -> feed(new LedgerInput.Snapshotted(index), now, effects);
      case StrongInput.Installed(var point) -> {
        machine.onInstalled();
        feed(new LedgerInput.Installed(point), now, effects);
        proposing.onSkipped(machine.lastOf(proposing.proposer()), effects);
      }
      case StrongInput.Reachable(var nodes) -> quorum.onReachable(nodes);
      case StrongInput.LifeKept.LIFE_KEPT -> proposing.onLifeKept(weak.boot(), effects);
      case StrongInput.Remove removal -> upkeep.request(removal, ledger.leader(), effects);
      case StrongInput.HandOver.HAND_OVER -> handOver(now, effects);
      case StrongInput.Tick.TICK -> {}
    }
    finish(now, effects);
  }

  private void feed(LedgerInput input, Now now, StrongEffects effects) {
    ledger.step(input, now.nanos(), new Wiring(now, effects));
  }

  // Requests

  private void onExecute(StrongInput.Execute execute, Now now, StrongEffects effects) {
    if (participation.isLeaving()) {
      String reason = "this server is leaving the cluster";
      effects.reply(execute.request(), new Reply.Failed(ErrorCode.BUSY, reason));
    } else {
      gate.hold(execute, now, effects);
    }
  }

  // What others say

  private void onMessage(NodeId from, StrongMessage message, Now now, StrongEffects effects) {
    switch (message) {
      case Offer offer -> onOffer(from, offer, now, effects);
      case Bid bid when bids.isNew(from, bid, effects) -> onOffer(from, bid.offer(), now, effects);
      case Bid _ -> {} // answered
      case StrongMessage.Executed _ -> {} // for gateways
      case Declined declined -> proposing.onDeclined(declined, now);
      case Urge() -> absorbing.hurry();
      case Application application -> onApplication(from, application, now, effects);
      case StrongMessage.OfUpkeep ofUpkeep -> upkeep.onMessage(from, ofUpkeep, now, effects);
      case Resignation(Participant leaver) -> {
        AppliedPoint byLeader = ledger.isLeader() ? machine.applied() : null;
        participation.onResignation(from, leaver, byLeader, now, effects);
      }
      case Released released -> participation.onReleased(released);
      case Position(long incarnation, long commit) -> {
        Participant behind = new Participant(from, incarnation);
        if (!isExpelled(behind, effects)
            && commit < ledger.commitIndex()
            && supplies.isDue(behind, commit, now)) {
          feed(new LedgerInput.Supply(behind, commit), now, effects);
        }
      }
    }
  }

  /** Only the life that was heard last counts: a disk that it has replaced is given up for it. */
  private void onApplication(NodeId from, Application application, Now now, StrongEffects effects) {
    Participant applicant = application.applicant();
    boolean isLast = applicant.node().equals(from) && application.boot() == weak.boot(from);
    if (!isExpelled(applicant, effects) && isLast) {
      participation.onApplication(applicant, now);
    }
  }

  /** Whether a disk is gone for good; then its server is told. */
  private boolean isExpelled(Participant disk, StrongEffects effects) {
    boolean isGone = machine.isGone(disk);
    if (isGone) {
      effects.tell(disk.node(), new Expelled(disk, machine.applied().index()));
    }
    return isGone;
  }

  private void onOffer(NodeId from, Offer offer, Now now, StrongEffects effects) {
    Proposal.OfOther proposal = new Proposal.OfOther(from, offer.boot(), offer.number());
    if (!ledger.isLeader()) {
      proposal.decline(Reason.NOT_LEADER, effects);
    } else if (!clock.isTrusted(now)) {
      proposal.decline(Reason.BUSY, effects);
    } else if (!OwnClock.isNear(offer.stamp(), now)) {
      proposal.decline(Reason.CLOCK, effects);
    } else if (bids.begins(proposal)) {
      propose(offer.command(), proposal, now, effects);
    }
  }

  private void propose(byte[] command, Proposal proposal, Now now, StrongEffects effects) {
    long request = ++requests;
    proposals.put(request, proposal);
    feed(new LedgerInput.Propose(request, new Entry.Command(command)), now, effects);
  }

  // What the ledger says

  /** Does what the ledger asks for, and passes on what only the outside can do. */
  private final class Wiring implements LedgerEffects {
    private final Now now;
    private final StrongEffects effects;

    Wiring(Now now, StrongEffects effects) {
      this.now = now;
      this.effects = effects;
    }

    @Override
    public void persist(LedgerRecord record) {
      effects.persist(record);
    }

    @Override
    public void send(Participant to, LedgerMessage message) {
      effects.send(to, message);
    }

    @Override
    public void committed(List<Entry> entries) {
      for (Entry entry : entries) {
        machine.apply(
            entry,
            (proposer, number, results) -> {
              if (proposer.equals(proposing.proposer())) {
                proposing.onExecuted(number, results, effects);
              } else {
                bids.onExecuted(proposer, number, results, effects);
              }
            });
      }
      machine.commit();
    }

    @Override
    public void proposed(long request, Outcome outcome) {
      onProposed(Objects.requireNonNull(proposals.remove(request)), outcome, now, effects);
    }

    @Override
    public void readable(long request, long index) {
      reads.onConfirmed(request, index);
    }

    @Override
    public void unreadable(long request) {
      reads.onUnconfirmed(request, now);
    }

    @Override
    public void configured(Configuration configuration) {}

    @Override
    public void led(@Nullable Participant leader, long term) {
      quorum.onLed(leader, now);
      bids.onLed();
      if (leader != null) {
        isLeaderNew = true;
        absorbing.restart(machine.absorbed());
      }
    }

    @Override
    public void needsSnapshot(Participant participant) {
      effects.needsSnapshot(participant);
    }

    @Override
    public void outdated() {
      effects.outdated();
    }
  }

  private void onProposed(Proposal proposal, Outcome outcome, Now now, StrongEffects effects) {
    boolean isRefused = outcome instanceof Outcome.Refused;
    switch (proposal) {
      case Proposal.OfOther ofOther -> {
        bids.onEnded(ofOther);
        if (isRefused) {
          ofOther.decline(Reason.BUSY, effects);
        }
      }
      case Proposal.OfSelf(long boot, long number) -> {
        if (isRefused) {
          proposing.onDeclined(new Declined(boot, number, Reason.BUSY), now);
        }
      }
      case Proposal.OfUpdates _ -> {
        if (outcome instanceof Outcome.Committed) {
          absorbing.onApplied();
        } else if (isRefused) {
          absorbing.onRefused(machine.absorbed(), now);
        } else {
          absorbing.restart(machine.absorbed());
        }
      }
      case Proposal.OfState _ -> {}
      case Proposal.OfMembers _ -> {
        if (isRefused) {
          participation.onRefused(now);
        } else {
          participation.onChanged(now);
        }
      }
    }
  }

  // What follows every step

  private void finish(Now now, StrongEffects effects) {
    if (now.nanos() - nextTickNanos >= 0) {
      nextTickNanos = now.nanos() + TICK_NANOS;
      onTick(now, effects);
    }
    gate.release(hopeless(now), clock.isTrusted(now), now, effects);
    reads.serve(clock.isTrusted(now), now, effects);
    if (reads.takeNeedsTime()) {
      moveTime(now);
    }
    if (gate.isHolding() || reads.isHolding()) {
      urging.urge(ledger, absorbing, now, effects);
    }
  }

  /** The answer to what would have to wait for ever; null while there is hope. */
  private Reply.@Nullable Failed hopeless(Now now) {
    return quorum.isMissing(now) ? quorum.refusal() : clock.hopeless(now);
  }

  /**
   * An operation that changes nothing: its stamp moves ledger time, and once it is applied, so is
   * all that was committed before. Nobody waits for its reply.
   */
  public void moveTime(Now now) {
    if (proposing.isIdle()) {
      long deadline = now.nanos() + NOTHING_NANOS;
      proposing.add(
          new StrongInput.Execute(NOBODY, Operation.nothing(), Requirement.NONE, 0, deadline));
    }
  }

  private void onTick(Now now, StrongEffects effects) {
    boolean isHopeless = quorum.isMissing(now);
    Reply.Failed refusal = clock.isTrusted(now) ? quorum.refusal() : OwnClock.refusal();
    proposing.onTime(now, refusal, hopeless(now) != null, effects);
    reads.onTime(now, quorum.refusal(), isHopeless, effects);
    // Without a leader for long it may have been removed, and nobody tells it any more.
    boolean isMember = ledger.configuration().contains(self) && !isHopeless;
    participation.claim(isMember, weak.boot(), now, effects);
    upkeep.advance(ledger.leader(), now, effects);
    if (ledger.leader() == null && now.nanos() - nextPositionNanos >= 0) {
      nextPositionNanos = now.nanos() + POSITION_NANOS;
      effects.tellAll(new Position(self.incarnation(), ledger.commitIndex()));
    }
    if (ledger.isLeader()) {
      if (participation.isLeaving() || clock.takeHandsOver(now)) {
        handOver(now, effects);
      }
      if (machine.applied().term() == ledger.term()) {
        OwnLedger own =
            command -> propose(CommandCodec.encode(command), new Proposal.OfState(), now, effects);
        upkeep.lead(participation, ledger.configuration(), now, own, effects);
      }
      MemberChange change = participation.next(ledger.configuration(), now);
      if (change != null) {
        long request = ++requests;
        proposals.put(request, new Proposal.OfMembers());
        feed(new LedgerInput.Change(request, change), now, effects);
      }
    }
  }

  private void handOver(Now now, StrongEffects effects) {
    Participant heir =
        ledger.isLeader() ? participation.nextHeir(ledger.configuration(), now) : null;
    if (heir != null) {
      feed(new LedgerInput.HandOver(heir), now, effects);
    }
  }

  /** Sends and offers what has gathered over several steps; to be called at the end of a turn. */
  public void endTurn(Now now, StrongEffects effects) {
    feed(LedgerInput.Tick.TICK, now, effects);
    Participant leader = ledger.leader();
    if (leader != null && clock.isTrusted(now)) {
      Proposing.Way way = offer -> offer(leader, offer, now, effects);
      if (isLeaderNew) {
        isLeaderNew = false;
        proposing.repeat(now, way);
      }
      proposing.advance(now, way);
    }
    reads.advance(now, round -> feed(new LedgerInput.Read(round), now, effects));
    if (ledger.isLeader() && machine.applied().term() == ledger.term() && clock.isTrusted(now)) {
      absorbing.advance(
          machine.absorbed(),
          now,
          command -> propose(CommandCodec.encode(command), new Proposal.OfUpdates(), now, effects));
    }
    ledger.flush(now.nanos(), new Wiring(now, effects));
    finish(now, effects);
  }

  private void offer(Participant leader, Offer offer, Now now, StrongEffects effects) {
    if (!leader.equals(self)) {
      effects.tell(leader.node(), offer);
    } else if (OwnClock.isNear(offer.stamp(), now)) {
      propose(offer.command(), new Proposal.OfSelf(offer.boot(), offer.number()), now, effects);
    } else {
      proposing.onDeclined(new Declined(offer.boot(), offer.number(), Reason.CLOCK), now);
    }
  }

  /** What strong reads may count on. */
  public Outlook outlook(Now now) {
    return new Outlook(quorum.isMissing(now), reads.ageNanos(now));
  }

  /** Whether more has been applied, and is shown, than when this was asked before. */
  public boolean takeApplied() {
    boolean isMore = machine.applied().index() > toldIndex;
    toldIndex = machine.applied().index();
    return isMore;
  }

  // Leaving

  /** From now on takes no more operations, and asks to be let out of the ledger. */
  public void leave(Now now) {
    participation.leave(now);
  }

  /** It does not leave after all. */
  public void stay() {
    participation.stay();
  }

  /** Whether this server has been removed: it is no member, and will not be one with this disk. */
  public boolean isExpelled() {
    return upkeep.isExpelled();
  }

  /** Whether it does not take part any more, for good. */
  public boolean hasLeft() {
    return participation.isReleased();
  }

  /** The index of the ledger at which it was let go or put out; 0 if it was not said. */
  public long dismissedAt() {
    return upkeep.isExpelled() ? upkeep.expelledAt() : participation.releasedAt();
  }

  // What the outside may look at

  /** When {@link StrongInput.Tick} must come at the latest, unless another input does. */
  public long wakeAtNanos(Now now) {
    long wake = Math.min(nextTickNanos, ledger.wakeAtNanos(now.nanos()));
    wake = reads.wakeAtNanos(wake);
    if (ledger.leader() == null || !clock.isTrusted(now)) {
      return wake;
    }
    wake = ledger.isLeader() ? absorbing.wakeAtNanos(wake) : wake;
    return proposing.wakeAtNanos(wake);
  }
}
