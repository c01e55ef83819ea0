package io.gamut.ledger.raft;

import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.Outcome.Reason;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryLog;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerMessage.Append;
import io.gamut.ledger.message.LedgerMessage.Appended;
import io.gamut.ledger.message.LedgerMessage.Committed;
import io.gamut.ledger.message.LedgerMessage.ReadReply;
import io.gamut.ledger.message.LedgerMessage.ReadRequest;
import io.gamut.ledger.message.LedgerMessage.Rejected;
import io.gamut.ledger.message.LedgerMessage.Removed;
import io.gamut.ledger.message.LedgerMessage.TimeoutNow;
import io.gamut.ledger.message.LedgerMessage.VoteReply;
import io.gamut.ledger.message.LedgerMessage.VoteRequest;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Raft (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", USENIX ATC
 * 2014; Ongaro's thesis, Stanford 2014), with pre-vote, check-quorum, read index, learners,
 * single-server changes, hand-over, pipelining and the leader's disk written in parallel.
 *
 * <p><b>Why two leaders never act in one term</b> (section 5.2). A leader has the votes of a strict
 * majority; each voter grants one vote a term, and the grant is durable before it is sent. A
 * candidate's own vote counts once it is durable, and it asks nobody before: else a crash could have
 * it stand twice in one term.
 *
 * <p><b>Why what is committed stays</b> (sections 5.3, 5.4). An entry is committed when a majority
 * has it durably and it, or a later one, is of the leader's own term. A vote is granted only to a log
 * that is at least as up to date. The two majorities meet. Answers count only in the term that they
 * belong to: one that was under way while the lead was lost and won again says nothing of today's log,
 * and the term in it tells. A participant acknowledges what it has <em>verified</em> against this
 * leader's log in this term and what is durable, whichever is less.
 *
 * <p><b>Why committed entries may come from anybody</b> ({@link Committed}). They follow something
 * that is committed here already, and what is committed is the same everywhere. An uncommitted entry
 * that they push out cannot ever be committed, for the same reason.
 *
 * <p><b>Why a read is current</b>: see {@link ReadRounds}. <b>Why members may change one at a time</b>
 * (thesis, section 4.1): majorities of two configurations that differ by one participant meet, if both
 * are strict. A change waits until the one before is committed and until the leader has committed in
 * its own term; without that, two leaders could each build on a change that the other does not know
 * (Ongaro's mail on raft-dev, July 2015).
 *
 * <p><b>Time</b> decides only when something is tried, never what is true.
 */
public final class RaftCore implements Ledger {
  private final Participant self;
  private final LedgerTiming timing;
  private final LongSupplier random;
  private final EntryLog log;
  private final Configurations configurations;
  private final Journaling journal;
  private final @Nullable Restarted unrecorded;
  private final Acknowledgements acknowledgements = new Acknowledgements();

  private long term;
  private @Nullable Participant vote;
  private @Nullable Participant leader;
  private @Nullable Leadership leadership;
  private @Nullable Campaign campaign;
  private long commit;
  private long delivered;
  private long verified;
  private long leaderHeardNanos;
  private long electionNanos;
  private long removedAt;

  /**
   * A participant as its disk tells.
   *
   * @param random unseeded on a server, seeded in a simulation: draws how patient it is
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
    this.random = random;
    log = recovered.log();
    configurations = recovered.configurations();
    journal = new Journaling(log.lastIndex());
    unrecorded = recovered.unrecorded();
    term = recovered.termAndVote().term();
    vote = recovered.termAndVote().vote();
    commit = applied;
    delivered = applied;
    verified = applied;
  }

  /** Begins to take part. */
  public void start(long nowNanos, LedgerEffects effects) {
    if (unrecorded != null) {
      journal.persist(unrecorded, log.lastIndex(), effects);
    }
    // Nobody is known to lead: a server that is alone need not wait for anybody.
    leaderHeardNanos = nowNanos - timing.electionMaxNanos();
    postponeElection(nowNanos);
    if (isAlone()) {
      electionNanos = nowNanos;
    }
    effects.configured(configuration());
    finish(nowNanos, effects);
  }

  private boolean isAlone() {
    Configuration configuration = configuration();
    return configuration.isVoter(self) && configuration.voters().size() == 1;
  }

  @Override
  public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
    switch (input) {
      case LedgerInput.Propose(long request, Entry.Command command) ->
          propose(request, command, effects);
      case LedgerInput.Change(long request, MemberChange change) ->
          change(request, change, nowNanos, effects);
      case LedgerInput.Read(long request) -> onRead(request, effects);
      case LedgerInput.HandOver(Participant successor) -> onHandOver(successor, nowNanos);
      case LedgerInput.Received(Participant from, LedgerMessage message) ->
          onMessage(from, message, nowNanos, effects);
      case LedgerInput.Persisted(long count) -> journal.onPersisted(count, effects);
      case LedgerInput.Snapshotted(long index) -> onSnapshotted(index);
      case LedgerInput.Installed(AppliedPoint snapshot) -> onInstalled(snapshot, effects);
      case LedgerInput.Supply(Participant to, long behind) -> onSupply(to, behind, effects);
      case LedgerInput.Tick.TICK -> {}
    }
    finish(nowNanos, effects);
  }

  // Terms and elections

  private void onMessage(
      Participant from, LedgerMessage message, long nowNanos, LedgerEffects effects) {
    if (message instanceof VoteRequest request) {
      onVoteRequest(from, request, nowNanos, effects);
      return;
    }
    boolean isPreVoteGrant =
        message instanceof VoteReply reply && reply.isPreVote() && reply.isGranted();
    if (message.term() > term && !isPreVoteGrant) {
      enterTerm(message.term(), null, nowNanos, effects);
    }
    switch (message) {
      case Append append -> onAppend(from, append, nowNanos, effects);
      case Appended reply -> onAppended(from, reply, nowNanos);
      case Rejected reply -> onRejected(from, reply, nowNanos);
      case VoteReply reply -> onVoteReply(from, reply, nowNanos, effects);
      case TimeoutNow(long ofTerm) -> onTimeoutNow(ofTerm, nowNanos, effects);
      case ReadRequest(long ofTerm, long request) -> onReadRequest(from, request, effects);
      case ReadReply reply -> onReadReply(reply, effects);
      case Removed removed -> removedAt = Math.max(removedAt, removed.index());
      case Committed entries -> onCommittedElsewhere(entries, effects);
      case VoteRequest request -> throw new IllegalStateException("handled above: " + request);
    }
  }

  /** Begins a term as a follower of nobody yet; the vote is durable before anything is said in it. */
  private void enterTerm(
      long newTerm, @Nullable Participant newVote, long nowNanos, LedgerEffects effects) {
    boolean isNew = newTerm > term;
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
    leadership = null;
    campaign = null;
    verified = commit;
    acknowledgements.onFollowing(newLeader != null);
    boolean isChanged = newLeader == null ? leader != null : !newLeader.equals(leader);
    leader = newLeader;
    if (lost != null) {
      lost.proposals().values().forEach(request -> effects.proposed(request, new Outcome.Unknown()));
      lost.rounds().abandon().forEach(read -> refuseRead(read, effects));
      postponeElection(nowNanos);
    }
    if (isChanged) {
      effects.led(leader, term);
    }
  }

  private void postponeElection(long nowNanos) {
    long spread = timing.electionMaxNanos() - timing.electionMinNanos();
    electionNanos =
        nowNanos + timing.electionMinNanos() + Math.floorMod(random.getAsLong(), spread);
  }

  private void onVoteRequest(
      Participant from, VoteRequest request, long nowNanos, LedgerEffects effects) {
    boolean isLeaderHeard =
        leadership != null
            || (leader != null && nowNanos - leaderHeardNanos < timing.electionMinNanos());
    boolean isRefused = request.term() < term || (isLeaderHeard && !request.isHandover());
    long changedAt = configurations.latestIndex();
    if (!configuration().isVoter(from) && commit >= changedAt && configuration().contains(self)) {
      reply(from, new Removed(term, changedAt), effects);
    }
    if (isRefused) {
      reply(from, new VoteReply(term, false, request.isPreVote()), effects);
    } else if (request.isPreVote()) {
      boolean isGranted = request.term() > term && isUpToDate(request);
      long answered = isGranted ? request.term() : term;
      reply(from, new VoteReply(answered, isGranted, true), effects);
    } else {
      onVote(from, request, nowNanos, effects);
    }
  }

  private void onVote(
      Participant from, VoteRequest request, long nowNanos, LedgerEffects effects) {
    boolean isFree = request.term() > term || vote == null || vote.equals(from);
    boolean isGranted = isFree && isUpToDate(request);
    if (request.term() > term) {
      enterTerm(request.term(), isGranted ? from : null, nowNanos, effects);
    } else if (isGranted && vote == null) {
      enterTerm(term, from, nowNanos, effects);
    }
    if (isGranted) {
      postponeElection(nowNanos);
    }
    reply(from, new VoteReply(term, isGranted, false), effects);
  }

  /** Whether the candidate's log is at least as up to date as this one (section 5.4.1). */
  private boolean isUpToDate(VoteRequest request) {
    long lastTerm = log.lastTerm();
    return request.lastTerm() > lastTerm
        || (request.lastTerm() == lastTerm && request.lastIndex() >= log.lastIndex());
  }

  private void reply(Participant to, LedgerMessage message, LedgerEffects effects) {
    journal.send(to, message, effects);
  }

  private void stand(boolean isPreVote, boolean isHandover, long nowNanos, LedgerEffects effects) {
    postponeElection(nowNanos);
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
    VoteRequest request =
        new VoteRequest(votedTerm, log.lastIndex(), log.lastTerm(), isPreVote, isHandover);
    for (Participant voter : configuration().voters()) {
      if (!voter.equals(self)) {
        reply(voter, request, effects);
      }
    }
    countVotes(standing, nowNanos, effects);
  }

  /**
   * Whether it may ask for votes: also while its removal is not committed, since it may be the only
   * one whose log is up to date (thesis, section 4.2.2); its own vote does not count then. Not once
   * it was told of a later configuration without it.
   */
  private boolean mayStand() {
    boolean isVoter =
        configuration().isVoter(self)
            || (commit < configurations.latestIndex() && configurations.at(commit).isVoter(self));
    return isVoter && removedAt <= configurations.latestIndex();
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
    Leadership leading = new Leadership(self, log.lastIndex() + 1);
    leading.follow(configuration(), timing, log.lastIndex() + 1, nowNanos);
    leadership = leading;
    effects.led(self, term);
    append(leading, Entry.NoOp.NO_OP, effects);
  }

  private void onTimeoutNow(long ofTerm, long nowNanos, LedgerEffects effects) {
    if (ofTerm == term && leadership == null && mayStand()) {
      stand(false, true, nowNanos, effects);
    }
  }

  // Proposals

  private void propose(long request, Entry.Body body, LedgerEffects effects) {
    Leadership leading = leadership;
    if (leading == null) {
      effects.proposed(request, new Outcome.Refused(Reason.NOT_LEADER, leader));
    } else if (leading.successor() != null) {
      effects.proposed(request, new Outcome.Refused(Reason.HANDING_OVER, leading.successor()));
    } else if (leading.pendingBytes() >= timing.pendingBytes()) {
      effects.proposed(request, new Outcome.Refused(Reason.BUSY, self));
    } else {
      leading.onProposed(append(leading, body, effects), request);
    }
  }

  private long append(Leadership leading, Entry.Body body, LedgerEffects effects) {
    Entry entry = new Entry(log.lastIndex() + 1, term, body);
    log.append(List.of(entry));
    leading.addPending(entry.size());
    journal.gather(entry);
    if (configurations.onAppended(List.of(entry))) {
      effects.configured(configuration());
    }
    return entry.index();
  }

  private void change(
      long request, MemberChange change, long nowNanos, LedgerEffects effects) {
    Leadership leading = leadership;
    Reason reason = leading == null ? Reason.NOT_LEADER : obstacle(leading, change, nowNanos);
    if (leading == null || reason != null) {
      Reason given = reason == null ? Reason.NOT_LEADER : reason;
      effects.proposed(request, new Outcome.Refused(given, leader));
      return;
    }
    propose(request, new Entry.Reconfigured(changed(change)), effects);
    leading.follow(configuration(), timing, log.lastIndex() + 1, nowNanos);
  }

  private @Nullable Reason obstacle(Leadership leading, MemberChange change, long nowNanos) {
    if (commit < leading.firstIndex() || commit < configurations.latestIndex()) {
      return Reason.CHANGE_UNDER_WAY;
    }
    Reason reason = obstacle(leading, change);
    boolean isWithinReach =
        reason != null
            || leading.hearsMajority(changed(change), nowNanos, timing.electionMinNanos());
    return isWithinReach ? reason : Reason.WITHOUT_MAJORITY;
  }

  private @Nullable Reason obstacle(Leadership leading, MemberChange change) {
    Configuration now = configuration();
    return switch (change) {
      case MemberChange.AddLearner(Participant added) ->
          now.contains(added) ? Reason.NO_CHANGE : null;
      case MemberChange.Remove(Participant removed) ->
          now.contains(removed) && !now.without(removed).voters().isEmpty()
              ? null
              : Reason.NO_CHANGE;
      case MemberChange.Promote(Participant learner) -> {
        Progress progress = leading.follower(learner);
        if (!now.learners().contains(learner)
            || now.voters().size() >= Configuration.VOTERS_MAX
            || progress == null) {
          yield Reason.NO_CHANGE;
        }
        // It has what was committed a moment ago, so it will not hold up a majority for long.
        yield progress.match() >= commit ? null : Reason.BEHIND;
      }
    };
  }

  private Configuration changed(MemberChange change) {
    return switch (change) {
      case MemberChange.AddLearner(Participant added) -> configuration().withLearner(added);
      case MemberChange.Promote(Participant learner) -> configuration().withVoter(learner);
      case MemberChange.Remove(Participant removed) -> configuration().without(removed);
    };
  }

  private void onHandOver(Participant successor, long nowNanos) {
    Leadership leading = leadership;
    if (leading != null && configuration().isVoter(successor) && !successor.equals(self)) {
      leading.handOver(successor, nowNanos + timing.electionMaxNanos());
    }
  }

  // Reads

  private void onRead(long request, LedgerEffects effects) {
    Participant asked = leader;
    if (leadership != null) {
      leadership.rounds().add(new ReadRounds.Waiting(null, request));
    } else if (asked != null) {
      reply(asked, new ReadRequest(term, request), effects);
    } else {
      effects.unreadable(request);
    }
  }

  private void onReadRequest(Participant from, long request, LedgerEffects effects) {
    ReadRounds.Waiting read = new ReadRounds.Waiting(from, request);
    if (leadership != null) {
      leadership.rounds().add(read);
    } else {
      refuseRead(read, effects);
    }
  }

  private void refuseRead(ReadRounds.Waiting read, LedgerEffects effects) {
    if (read.follower() == null) {
      effects.unreadable(read.request());
    } else {
      reply(read.follower(), new ReadReply(term, read.request(), -1), effects);
    }
  }

  private void onReadReply(ReadReply reply, LedgerEffects effects) {
    if (reply.index() < 0) {
      effects.unreadable(reply.request());
    } else {
      effects.readable(reply.request(), reply.index());
    }
  }

  private void onReadsConfirmed(ReadRounds.Round round, LedgerEffects effects) {
    for (ReadRounds.Waiting read : round.reads()) {
      if (read.follower() == null) {
        effects.readable(read.request(), round.index());
      } else {
        reply(read.follower(), new ReadReply(term, read.request(), round.index()), effects);
      }
    }
  }

  // Entries from a leader, or from anybody who knows that they are committed

  private void onAppend(Participant from, Append append, long nowNanos, LedgerEffects effects) {
    if (append.term() < term) {
      // The term in the answer is all that this leader of the past needs to know.
      reply(from, new Rejected(term, append.previous(), append.previous(), 0), effects);
      return;
    }
    if (leadership != null) {
      throw new IllegalStateException(from + " and " + self + " lead in term " + term);
    }
    if (!from.equals(leader)) {
      follow(from, nowNanos, effects);
    }
    campaign = null;
    leaderHeardNanos = nowNanos;
    postponeElection(nowNanos);
    long conflict = conflict(append);
    if (conflict > 0) {
      reply(from, new Rejected(term, append.previous(), conflict, append.round()), effects);
      return;
    }
    take(append.entries(), effects);
    verified = Math.max(verified, append.previous() + append.entries().size());
    commit = Math.max(commit, Math.min(append.commit(), verified));
    boolean isNewRound = append.round() > acknowledgements.round();
    acknowledgements.onAppend(append.round());
    if (append.entries().isEmpty() || isNewRound) {
      acknowledge(effects);
    }
  }

  /**
   * Where the leader should look instead if its previous entry is not here: 0 if it is. What is
   * committed is the same everywhere and need not be compared.
   */
  private long conflict(Append append) {
    long previous = append.previous();
    if (previous > log.lastIndex()) {
      return log.lastIndex() + 1;
    }
    if (previous <= commit || log.term(previous) == append.previousTerm()) {
      return 0;
    }
    long conflicting = log.term(previous);
    long first = previous;
    while (first - 1 > commit && log.term(first - 1) == conflicting) {
      first--;
    }
    return first;
  }

  /** Takes those entries that are not here, and cuts off what conflicts with them. */
  private void take(List<Entry> entries, LedgerEffects effects) {
    int known = 0;
    while (known < entries.size() && isKnown(entries.get(known))) {
      known++;
    }
    List<Entry> fresh = entries.subList(known, entries.size());
    if (fresh.isEmpty()) {
      return;
    }
    long first = fresh.getFirst().index();
    boolean isReconfigured = false;
    if (first <= log.lastIndex()) {
      if (first <= commit) {
        throw new IllegalStateException(first + " is committed here otherwise than " + fresh);
      }
      log.truncateFrom(first);
      isReconfigured = configurations.onTruncated(first);
    }
    List<Entry> taken = List.copyOf(fresh);
    log.append(taken);
    journal.persist(taken, effects);
    isReconfigured |= configurations.onAppended(taken);
    if (isReconfigured) {
      effects.configured(configuration());
    }
  }

  private boolean isKnown(Entry entry) {
    long index = entry.index();
    return index <= commit || (index <= log.lastIndex() && log.term(index) == entry.term());
  }

  private void acknowledge(LedgerEffects effects) {
    Participant to = leader;
    if (to != null && leadership == null) {
      long match = Math.min(verified, journal.durableIndex());
      acknowledgements.onSent(match);
      reply(to, new Appended(term, match, acknowledgements.round()), effects);
    }
  }

  private void onAppended(Participant from, Appended reply, long nowNanos) {
    Progress progress = follower(from, reply.term());
    if (progress != null) {
      progress.onHeard(reply.round(), nowNanos);
      progress.onMatch(reply.match());
    }
  }

  private void onRejected(Participant from, Rejected reply, long nowNanos) {
    Progress progress = follower(from, reply.term());
    if (progress != null) {
      progress.onHeard(reply.round(), nowNanos);
      progress.onRejected(reply.previous(), reply.conflictIndex());
    }
  }

  /** What is known of a follower, if its answer belongs to this term; one of an older does not. */
  private @Nullable Progress follower(Participant from, long ofTerm) {
    return leadership == null || ofTerm != term ? null : leadership.follower(from);
  }

  private void onCommittedElsewhere(Committed supplied, LedgerEffects effects) {
    long last = supplied.previous() + supplied.entries().size();
    if (supplied.previous() <= commit && last > commit) {
      take(supplied.entries(), effects);
      commit = last;
      verified = Math.max(verified, commit);
    }
  }

  private void onSupply(Participant to, long behind, LedgerEffects effects) {
    if (behind >= log.baseIndex() && behind < commit) {
      List<Entry> entries = log.read(behind + 1, timing.batchBytes());
      int count = (int) Math.min(entries.size(), commit - behind);
      reply(to, new Committed(term, behind, entries.subList(0, count)), effects);
    }
  }

  private void onSnapshotted(long index) {
    log.compactThrough(Math.min(index, delivered));
    configurations.onCompacted(log.baseIndex());
  }

  private void onInstalled(AppliedPoint snapshot, LedgerEffects effects) {
    if (snapshot.index() > delivered) {
      Recovery.restartAt(snapshot, log, configurations);
      journal.persist(new Restarted(snapshot), log.lastIndex(), effects);
      commit = Math.max(commit, snapshot.index());
      delivered = snapshot.index();
      verified = Math.max(verified, commit);
      effects.configured(configuration());
    }
  }

  // What follows every step

  private void finish(long nowNanos, LedgerEffects effects) {
    if (campaign != null) {
      countVotes(campaign, nowNanos, effects);
    }
    if (leadership != null) {
      advance(leadership, nowNanos, effects);
    }
    deliver(effects);
    if (Math.min(verified, journal.durableIndex()) > acknowledgements.match()) {
      acknowledge(effects);
    }
    if (leadership == null && nowNanos - electionNanos >= 0) {
      if (mayStand()) {
        stand(true, false, nowNanos, effects);
      } else {
        postponeElection(nowNanos);
      }
    }
  }

  /** What a leader finds out from what it was answered. */
  private void advance(Leadership leading, long nowNanos, LedgerEffects effects) {
    Configuration now = configuration();
    long reached = leading.reachedByMajority(now, journal.durableIndex(), Progress::match);
    if (reached > commit && log.term(reached) == term) {
      commit = reached;
    }
    long round = leading.rounds().number();
    long confirmed = leading.reachedByMajority(now, round, Progress::confirmedRound);
    leading.rounds().onConfirmed(confirmed, done -> onReadsConfirmed(done, effects));
    leading.endHandOverIfLate(nowNanos);
    boolean isRemoved = !now.isVoter(self) && commit >= configurations.latestIndex();
    if (isRemoved || !leading.hearsMajority(now, nowNanos, timing.electionMaxNanos())) {
      deliver(effects);
      follow(null, nowNanos, effects);
    }
  }

  /** Hands over what is committed and durable here, and answers those who wait for it. */
  private void deliver(LedgerEffects effects) {
    long through = Math.min(commit, journal.durableIndex());
    while (delivered < through) {
      List<Entry> entries = log.read(delivered + 1, timing.batchBytes());
      int count = (int) Math.min(entries.size(), through - delivered);
      delivered += count;
      effects.committed(List.copyOf(entries.subList(0, count)));
    }
    if (leadership != null) {
      leadership.onDelivered(delivered, log, effects);
    }
  }

  @Override
  public void flush(long nowNanos, LedgerEffects effects) {
    journal.flush(effects);
    Leadership leading = leadership;
    if (leading == null) {
      return;
    }
    if (commit >= leading.firstIndex()) {
      leading.rounds().begin(commit);
    }
    leading.followers().forEach((to, progress) -> sendTo(leading, to, progress, nowNanos, effects));
    finish(nowNanos, effects);
  }

  private void sendTo(
      Leadership leading, Participant to, Progress progress, long nowNanos, LedgerEffects effects) {
    progress.onTick(nowNanos);
    long round = leading.rounds().number();
    boolean isMore = true;
    while (isMore) {
      boolean isInSnapshot = progress.next() <= log.baseIndex();
      boolean hasEntries =
          !isInSnapshot && progress.next() <= log.lastIndex() && progress.hasRoom();
      isMore = hasEntries;
      if (hasEntries || progress.isDue(commit, round, nowNanos)) {
        List<Entry> entries =
            hasEntries ? log.read(progress.next(), timing.batchBytes()) : List.of();
        long previous = Math.max(progress.next() - 1, log.baseIndex());
        long previousTerm = log.term(previous);
        reply(to, new Append(term, previous, previousTerm, entries, commit, round), effects);
        progress.onSent(previous + entries.size(), bytes(entries), commit, round, nowNanos);
        if (isInSnapshot) {
          effects.needsSnapshot(to);
        }
      }
    }
    if (to.equals(leading.successor()) && progress.match() == log.lastIndex()) {
      reply(to, new TimeoutNow(term), effects);
    }
  }

  private static long bytes(List<Entry> entries) {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.size();
    }
    return bytes;
  }

  // What the outside may look at

  @Override
  public long wakeAtNanos(long nowNanos) {
    Leadership leading = leadership;
    return leading == null ? electionNanos : leading.wakeAtNanos(timing, nowNanos);
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
    return commit;
  }

  @Override
  public long lastIndex() {
    return log.lastIndex();
  }

  @Override
  public Configuration configuration() {
    return configurations.latest();
  }
}
