package io.gamut.ledger.raft;

import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerMessage.Append;
import io.gamut.ledger.message.LedgerMessage.Appended;
import io.gamut.ledger.message.LedgerMessage.Committed;
import io.gamut.ledger.message.LedgerMessage.Inquiry;
import io.gamut.ledger.message.LedgerMessage.Outdated;
import io.gamut.ledger.message.LedgerMessage.ReadReply;
import io.gamut.ledger.message.LedgerMessage.ReadRequest;
import io.gamut.ledger.message.LedgerMessage.Rejected;
import io.gamut.ledger.message.LedgerMessage.Removed;
import io.gamut.ledger.message.LedgerMessage.Testimony;
import io.gamut.ledger.message.LedgerMessage.TimeoutNow;
import io.gamut.ledger.message.LedgerMessage.VoteReply;
import io.gamut.ledger.message.LedgerMessage.VoteRequest;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Raft (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", USENIX ATC
 * 2014; Ongaro's thesis, Stanford 2014), with pre-vote, check-quorum, read index, learners,
 * single-server changes, hand-over, pipelining and the leader's disk written in parallel.
 *
 * <p>Here are terms, votes and what a follower does. {@link Leadership} is what a leader does,
 * {@link OwnLog} the log and how far it is committed, {@link Journaling} what the disk has of it
 * and which messages wait for that.
 *
 * <p><b>Why two leaders never act in one term</b> (section 5.2). A leader has the votes of a strict
 * majority; each voter grants one vote a term, and the grant is durable before it is sent. A
 * candidate's own vote counts once it is durable, and it asks nobody before: else a crash could
 * have it stand twice in one term.
 *
 * <p><b>Why what is committed stays</b> (sections 5.3, 5.4). An entry is committed when a majority
 * has it durably and it, or a later one, is of the leader's own term. A vote is granted only to a
 * log that is at least as up to date. The two majorities meet. Answers count only in the term that
 * they belong to: one that was under way while the lead was lost and won again says nothing of
 * today's log, and the term in it tells. A participant acknowledges what it has <em>verified</em>
 * against this leader's log in this term and what is durable, whichever is less.
 *
 * <p><b>Why committed entries may come from anybody</b> ({@link Committed}). They follow something
 * that is committed here already, and what is committed is the same everywhere. An uncommitted
 * entry that they push out cannot ever be committed, for the same reason.
 *
 * <p><b>Why a read is current</b>: see {@link ReadRounds}. <b>Why members may change one at a
 * time</b> (thesis, section 4.1): majorities of two configurations that differ by one participant
 * meet, if both are strict. A change waits until the one before is committed and until the leader
 * has committed in its own term; without that, two leaders could each build on a change that the
 * other does not know (Ongaro's mail on raft-dev, July 2015).
 *
 * <p><b>Time</b> decides only when something is tried, never what is true.
 */
public final class RaftCore implements Ledger {
  private final Participant self;
  private final LedgerTiming timing;
  private final Journaling journal;
  private final OwnLog own;
  private final Patience patience;
  private final @Nullable Restarted unrecorded;
  private final Acknowledgements acknowledgements;
  private final ReadForwarding reads;
  private final Removal removal;
  private final Witness witness = new Witness();
  private final Recollection recollection;

  private long term;
  private @Nullable Participant vote;
  private @Nullable Participant leader;
  private @Nullable Leadership leadership;
  private @Nullable Campaign campaign;

  /**
   * A participant as its disk tells.
   *
   * @param random unseeded on a server, seeded in a simulation: draws how patient it is, and a name
   *     for this life
   * @param recovered all that was found, all of it durable
   * @param applied everything up to here is in the state machine, so it is committed
   */
  public RaftCore(
      Participant self,
      LedgerTiming timing,
      LongSupplier random,
      Recovery recovered,
      long applied) {
    this.self = self;
    this.timing = timing;
    journal = new Journaling(recovered.log().lastIndex());
    own = new OwnLog(recovered, journal, timing.batchBytes(), applied);
    patience = new Patience(timing, random);
    removal = new Removal(self, own, journal);
    acknowledgements = new Acknowledgements(own, journal);
    long life = random.getAsLong();
    reads = new ReadForwarding(journal, life);
    recollection = new Recollection(self, timing, journal, life);
    unrecorded = recovered.unrecorded();
    term = recovered.termAndVote().term();
    vote = recovered.termAndVote().vote();
  }

  @Override
  public void start(long nowNanos, LedgerEffects effects) {
    if (unrecorded != null) {
      journal.restart(unrecorded, effects);
    }
    Configuration configuration = configuration();
    boolean isAlone = configuration.isVoter(self) && configuration.voters().size() == 1;
    patience.begin(isAlone, nowNanos);
    recollection.begin(configuration, term, nowNanos, effects);
    effects.configured(configuration);
    finish(nowNanos, effects);
  }

  @Override
  public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
    if (recollection.isOutdated()) {
      return;
    }
    Leadership leading = leadership;
    switch (input) {
      case LedgerInput.Propose(long request, Entry.Command command) -> {
        if (leading == null) {
          refuse(request, effects);
        } else {
          leading.propose(request, command, effects);
        }
      }
      case LedgerInput.Change change -> {
        if (leading == null) {
          refuse(change.request(), effects);
        } else {
          leading.change(change.request(), change.change(), nowNanos, effects);
        }
      }
      case LedgerInput.Read(long request) -> {
        if (leading == null) {
          reads.ask(leader, term, request, effects);
        } else {
          leading.read(reads.own(request), effects);
        }
      }
      case LedgerInput.HandOver(Participant successor) -> {
        if (leading != null) {
          leading.handOver(successor, nowNanos);
        }
      }
      case LedgerInput.Received(Participant from, LedgerMessage message) ->
          onMessage(from, message, nowNanos, effects);
      case LedgerInput.Persisted(long count) -> journal.onPersisted(count, effects);
      case LedgerInput.Snapshotted(long index) -> own.onSnapshotted(index);
      case LedgerInput.Installed(AppliedPoint snapshot) -> onInstalled(snapshot, nowNanos, effects);
      case LedgerInput.Supply(Participant to, long behind) -> onSupply(to, behind, effects);
      case LedgerInput.Tick.TICK -> {}
    }
    finish(nowNanos, effects);
  }

  private void refuse(long request, LedgerEffects effects) {
    effects.proposed(request, new Outcome.Refused(Outcome.Reason.NOT_LEADER, leader));
  }

  /** Sends a message as soon as the term that it speaks for is durable. */
  private void send(Participant to, LedgerMessage message, LedgerEffects effects) {
    journal.send(to, message, effects);
  }

  // Terms

  private void onMessage(
      Participant from, LedgerMessage message, long nowNanos, LedgerEffects effects) {
    if (message.term() > term && !message.leavesTermAlone()) {
      enterTerm(message.term(), null, nowNanos, effects);
    }
    witness.onMessage(from, message);
    recollection.onHeard(from, term, nowNanos, effects);
    Leadership leading = leadership;
    switch (message) {
      case VoteRequest request -> onVoteRequest(from, request, nowNanos, effects);
      case VoteReply reply -> onVoteReply(from, reply, nowNanos, effects);
      case Append append -> onAppend(from, append, nowNanos, effects);
      case Appended reply -> {
        if (leading != null) {
          leading.onAppended(from, reply, nowNanos);
        }
      }
      case Rejected reply -> {
        if (leading != null) {
          leading.onRejected(from, reply, nowNanos);
        }
      }
      case Outdated outdated -> {} // its term says it all
      case TimeoutNow(long ofTerm) -> onTimeoutNow(ofTerm, nowNanos, effects);
      case ReadRequest asked -> {
        if (leading == null) {
          reads.refuse(from, term, asked, effects);
        } else {
          leading.read(new ReadRounds.Waiting(from, asked.life(), asked.request()), effects);
        }
      }
      case ReadReply reply -> reads.onReply(reply, effects);
      case Removed removed -> removal.onTold(removed);
      case Committed committed ->
          own.takeCommitted(committed.previous(), committed.entries(), effects);
      case Inquiry inquiry -> send(from, witness.answer(from, inquiry, term), effects);
      case Testimony testimony -> onTestimony(from, testimony, effects);
    }
  }

  private void onTestimony(Participant from, Testimony testimony, LedgerEffects effects) {
    recollection.onTestimony(from, testimony, term, own.lastIndex(), vote);
    if (recollection.isOutdated()) {
      effects.outdated();
    }
  }

  /** Begins a term as a follower of nobody yet; the vote is durable before anything is said. */
  private void enterTerm(
      long newTerm, @Nullable Participant newVote, long nowNanos, LedgerEffects effects) {
    boolean isNew = newTerm > term;
    recollection.onLeaving(term, own.lastIndex(), vote);
    term = newTerm;
    vote = newVote;
    journal.persist(new TermAndVote(term, vote), effects);
    if (isNew) {
      follow(null, nowNanos, effects);
    }
  }

  /** Follows a leader, or nobody; all that this participant was before in the term is over. */
  private void follow(@Nullable Participant newLeader, long nowNanos, LedgerEffects effects) {
    Leadership lost = leadership;
    boolean isChanged = !Objects.equals(newLeader, leader);
    leadership = null;
    campaign = null;
    leader = newLeader;
    own.forgetVerified();
    acknowledgements.onFollowing(newLeader != null);
    if (lost != null) {
      lost.abandon(effects);
      patience.renew(nowNanos);
    }
    if (isChanged) {
      effects.led(leader, term);
    }
  }

  // Voting

  private void onVoteRequest(
      Participant from, VoteRequest request, long nowNanos, LedgerEffects effects) {
    removal.tellIfRemoved(from, term, effects);
    boolean isLeaderHeard =
        leadership != null || (leader != null && patience.isLeaderFresh(nowNanos));
    if (request.term() < term || (isLeaderHeard && !request.isHandover())) {
      send(from, new VoteReply(term, false, request.isPreVote()), effects);
    } else if (request.isPreVote()) {
      boolean isGranted = request.term() > term && isUpToDate(request);
      long answered = isGranted ? request.term() : term;
      send(from, new VoteReply(answered, isGranted, true), effects);
    } else {
      onVote(from, request, nowNanos, effects);
    }
  }

  private void onVote(Participant from, VoteRequest request, long nowNanos, LedgerEffects effects) {
    boolean isNew = request.term() > term;
    boolean isFree = isNew || vote == null || vote.equals(from);
    boolean isGranted = isFree && isUpToDate(request) && recollection.mayVote(nowNanos);
    if (isNew || (isGranted && vote == null)) {
      enterTerm(request.term(), isGranted ? from : null, nowNanos, effects);
    }
    if (isGranted) {
      patience.renew(nowNanos);
    }
    send(from, new VoteReply(term, isGranted, false), effects);
  }

  private boolean isUpToDate(VoteRequest request) {
    return own.isNotAheadOf(request.lastIndex(), request.lastTerm());
  }

  // Standing for election

  private void stand(boolean isPreVote, boolean isHandover, long nowNanos, LedgerEffects effects) {
    patience.renew(nowNanos);
    if (!isPreVote) {
      enterTerm(term + 1, self, nowNanos, effects);
    } else if (leader != null) {
      follow(null, nowNanos, effects);
    }
    long votedTerm = isPreVote ? term + 1 : term;
    Campaign standing = new Campaign(isPreVote, votedTerm);
    campaign = standing;
    if (isPreVote) {
      standing.onGranted(self);
    }
    standing.ask(self, own, isHandover, journal, effects);
    countVotes(standing, nowNanos, effects);
  }

  private void onVoteReply(
      Participant from, VoteReply reply, long nowNanos, LedgerEffects effects) {
    Campaign standing = campaign;
    if (standing != null
        && reply.isGranted()
        && reply.isPreVote() == standing.isPreVote()
        && reply.term() == standing.term()) {
      standing.onGranted(from);
      countVotes(standing, nowNanos, effects);
    }
  }

  private void countVotes(Campaign standing, long nowNanos, LedgerEffects effects) {
    if (!standing.isPreVote() && journal.isTermDurable()) {
      standing.onGranted(self);
    }
    if (standing.isWon(configuration())) {
      if (standing.isPreVote()) {
        stand(false, false, nowNanos, effects);
      } else {
        lead(nowNanos, effects);
      }
    }
  }

  private void lead(long nowNanos, LedgerEffects effects) {
    campaign = null;
    leader = self;
    acknowledgements.onFollowing(false);
    Leadership begun = new Leadership(self, term, timing, own, journal, nowNanos);
    leadership = begun;
    effects.led(self, term);
    begun.begin(effects);
  }

  private void onTimeoutNow(long ofTerm, long nowNanos, LedgerEffects effects) {
    boolean mayStand = removal.mayStand() && recollection.mayVote(nowNanos);
    if (ofTerm == term && leadership == null && mayStand) {
      stand(false, true, nowNanos, effects);
    }
  }

  // Following

  private void onAppend(Participant from, Append append, long nowNanos, LedgerEffects effects) {
    if (append.term() < term) {
      send(from, new Outdated(term), effects);
      return;
    }
    if (leadership != null) {
      throw new IllegalStateException(from + " and " + self + " lead in term " + term);
    }
    if (!from.equals(leader)) {
      follow(from, nowNanos, effects);
    }
    patience.onLeaderHeard(nowNanos);
    long conflict = own.conflict(append.previous(), append.previousTerm());
    if (conflict > 0) {
      send(from, new Rejected(term, append.previous(), conflict, append.round()), effects);
      return;
    }
    long commitBefore = own.commit();
    own.takeFromLeader(append.previous(), append.entries(), append.commit(), effects);
    if (acknowledgements.isOwed(append, own.commit() > commitBefore)) {
      acknowledgements.send(from, term, effects);
    }
  }

  // What is committed, from anybody and to anybody

  /** What a snapshot from a later term holds, the leader of an earlier one may not have. */
  private void onInstalled(AppliedPoint snapshot, long nowNanos, LedgerEffects effects) {
    if (snapshot.term() > term) {
      enterTerm(snapshot.term(), null, nowNanos, effects);
    }
    if (leadership != null) {
      leadership.onInstalled(snapshot.index(), effects);
    }
    own.onInstalled(snapshot, effects);
  }

  private void onSupply(Participant to, long behind, LedgerEffects effects) {
    if (behind < own.baseIndex()) {
      effects.needsSnapshot(to);
    } else if (behind < own.commit()) {
      send(to, new Committed(term, behind, own.committedBehind(behind)), effects);
    }
  }

  // What follows every step

  private void finish(long nowNanos, LedgerEffects effects) {
    if (recollection.isOutdated()) {
      return;
    }
    recollection.advance(term, nowNanos, effects);
    if (campaign != null) {
      countVotes(campaign, nowNanos, effects);
    }
    Leadership leading = leadership;
    if (leading != null) {
      leading.advance(nowNanos, effects);
    }
    own.deliver(effects);
    if (leading != null) {
      leading.onDelivered(own.delivered(), effects);
      if (leading.isOver(nowNanos)) {
        follow(null, nowNanos, effects);
      }
    }
    if (leader != null && acknowledgements.isDue()) {
      acknowledgements.send(leader, term, effects);
    }
    if (leadership == null && patience.isOver(nowNanos)) {
      loseFaith(nowNanos, effects);
    }
  }

  /**
   * The leader was not heard for too long. A candidate whose disk is slow waits for its vote:
   * another term would only have to wait again.
   */
  private void loseFaith(long nowNanos, LedgerEffects effects) {
    if (removal.mayStand() && journal.isTermDurable() && recollection.mayVote(nowNanos)) {
      stand(true, false, nowNanos, effects);
    } else {
      patience.renew(nowNanos);
      if (leader != null) {
        follow(null, nowNanos, effects);
      }
    }
  }

  @Override
  public void flush(long nowNanos, LedgerEffects effects) {
    journal.flush(effects);
    if (leadership != null) {
      leadership.send(nowNanos, effects);
      finish(nowNanos, effects);
    }
  }

  // What the outside may look at

  @Override
  public long wakeAtNanos(long nowNanos) {
    return leadership == null ? patience.endNanos() : leadership.wakeAtNanos(nowNanos);
  }

  @Override
  public @Nullable Participant leader() {
    return leader;
  }

  @Override
  public boolean isLeader() {
    return leadership != null;
  }

  @Override
  public long term() {
    return term;
  }

  @Override
  public long commitIndex() {
    return own.commit();
  }

  @Override
  public long lastIndex() {
    return own.lastIndex();
  }

  @Override
  public Configuration configuration() {
    return own.configuration();
  }

  @Override
  public long durableIndex() {
    return journal.durableIndex();
  }

  @Override
  public Kept kept() {
    return new Kept(own.base(), new TermAndVote(term, vote));
  }
}
