package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.Outcome.Reason;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerMessage.Append;
import io.gamut.ledger.message.LedgerMessage.Appended;
import io.gamut.ledger.message.LedgerMessage.ReadReply;
import io.gamut.ledger.message.LedgerMessage.Rejected;
import io.gamut.ledger.message.LedgerMessage.TimeoutNow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a participant does while it leads in one term; all of it is forgotten when it does not any
 * more.
 *
 * <p>It adds proposals to its own log, sends each follower what that lacks, counts what a majority
 * has durably, its own disk included, and so moves what is committed. It asks the same majority
 * whether it still leads, for reads and for itself: a leader that is not heard steps down.
 */
final class Leadership {
  private final Participant self;
  private final long term;
  private final LedgerTiming timing;
  private final OwnLog own;
  private final Journaling journal;
  private final Followers followers;
  private final Proposals proposals = new Proposals();
  private final ReadRounds rounds = new ReadRounds();

  /**
   * Where the first entry of this leader's own term stands. Only once that is committed does the
   * leader know what is (Raft, sections 5.4.2 and 8), so reads and changes of members wait for it.
   */
  private final long firstIndex;

  private @Nullable Participant successor;
  private long handOverUntilNanos;

  Leadership(
      Participant self,
      long term,
      LedgerTiming timing,
      OwnLog own,
      Journaling journal,
      long nowNanos) {
    this.self = self;
    this.term = term;
    this.timing = timing;
    this.own = own;
    this.journal = journal;
    firstIndex = own.lastIndex() + 1;
    followers = new Followers(self, timing);
    followers.follow(own.configuration(), firstIndex, nowNanos);
  }

  /**
   * Something of its own term, to have it committed. The first entry of all says who takes part: a
   * cluster's first servers know it without an entry, but whoever gets the log or a snapshot from
   * them later knows only what is in there.
   */
  void begin(LedgerEffects effects) {
    boolean isFirst = firstIndex == 1;
    Entry.Body body = isFirst ? new Entry.Reconfigured(own.configuration()) : Entry.NoOp.NO_OP;
    append(body, null, effects);
  }

  private boolean isOwnTermCommitted() {
    return own.commit() >= firstIndex;
  }

  // Proposals

  void propose(long request, Entry.Body body, LedgerEffects effects) {
    Reason reason =
        successor != null
            ? Reason.HANDING_OVER
            : proposals.bytes() >= timing.pendingBytes() ? Reason.BUSY : null;
    if (reason == null) {
      append(body, request, effects);
    } else {
      Participant better = successor == null ? self : successor;
      effects.proposed(request, new Outcome.Refused(reason, better));
    }
  }

  private void append(Entry.Body body, @Nullable Long request, LedgerEffects effects) {
    Entry entry = own.append(term, body, effects);
    proposals.add(entry.index(), entry.size(), request);
  }

  /** Who takes part is to change; the new configuration is in force as soon as it is in the log. */
  void change(long request, MemberChange change, long nowNanos, LedgerEffects effects) {
    Reason obstacle = obstacle(change, nowNanos);
    if (obstacle == null) {
      Configuration changed = MemberChanges.apply(change, own.configuration());
      propose(request, new Entry.Reconfigured(changed), effects);
      followers.follow(own.configuration(), own.lastIndex() + 1, nowNanos);
    } else {
      effects.proposed(request, new Outcome.Refused(obstacle, self));
    }
  }

  private @Nullable Reason obstacle(MemberChange change, long nowNanos) {
    if (!isOwnTermCommitted() || !own.isConfigurationCommitted()) {
      return Reason.CHANGE_UNDER_WAY;
    }
    Configuration now = own.configuration();
    Reason obstacle = MemberChanges.obstacle(change, now, followers, own.commit());
    if (obstacle != null) {
      return obstacle;
    }
    Configuration changed = MemberChanges.apply(change, now);
    boolean isWithinReach = followers.hearsMajority(changed, nowNanos, timing.electionMinNanos());
    return isWithinReach ? null : Reason.WITHOUT_MAJORITY;
  }

  // Reads

  /** A read waits for the next round; it is refused when too many do. */
  void read(ReadRounds.Waiting read, LedgerEffects effects) {
    if (!rounds.add(read)) {
      refuse(read, effects);
    }
  }

  private void refuse(ReadRounds.Waiting read, LedgerEffects effects) {
    Participant follower = read.follower();
    if (follower == null) {
      effects.unreadable(read.request());
    } else {
      journal.send(follower, new ReadReply(term, read.life(), read.request(), -1), effects);
    }
  }

  private void onConfirmed(ReadRounds.Round round, LedgerEffects effects) {
    for (ReadRounds.Waiting read : round.reads()) {
      Participant follower = read.follower();
      if (follower == null) {
        effects.readable(read.request(), round.index());
      } else {
        ReadReply reply = new ReadReply(term, read.life(), read.request(), round.index());
        journal.send(follower, reply, effects);
      }
    }
  }

  // What followers say

  void onAppended(Participant from, Appended reply, long nowNanos) {
    Progress progress = followerOf(from, reply.term());
    if (progress != null) {
      progress.onHeard(reply.round(), nowNanos);
      // More than this leader has written comes with a snapshot, from a leader after this one.
      if (reply.match() <= own.lastIndex()) {
        progress.onMatch(reply.match());
      }
    }
  }

  void onRejected(Participant from, Rejected reply, long nowNanos) {
    Progress progress = followerOf(from, reply.term());
    if (progress != null) {
      progress.onHeard(reply.round(), nowNanos);
      progress.onRejected(reply.previous(), reply.conflictIndex());
    }
  }

  /** What is known of a follower, if its answer belongs to this term; one of an older does not. */
  private @Nullable Progress followerOf(Participant from, long ofTerm) {
    return ofTerm == term ? followers.find(from) : null;
  }

  /** Finds out from the answers, and from its own disk, what is committed and what may be read. */
  void advance(long nowNanos, LedgerEffects effects) {
    Configuration now = own.configuration();
    long reached = followers.reachedByMajority(now, journal.durableIndex(), Progress::match);
    own.onReachedByMajority(reached, term);
    long confirmed = followers.reachedByMajority(now, rounds.number(), Progress::confirmedRound);
    rounds.onConfirmed(confirmed, done -> onConfirmed(done, effects));
    if (successor != null && nowNanos - handOverUntilNanos >= 0) {
      successor = null;
    }
  }

  /** Entries up to here have been given to the state machine: who waits for them is answered. */
  void onDelivered(long through, LedgerEffects effects) {
    proposals.onDelivered(through, effects);
  }

  /** Entries up to here came to the state machine in a snapshot. */
  void onInstalled(long through, LedgerEffects effects) {
    proposals.onSkipped(through, effects);
  }

  /** Whether it should step down: its own removal is committed, or no majority is heard. */
  boolean isOver(long nowNanos) {
    Configuration now = own.configuration();
    boolean isRemoved = !now.isVoter(self) && own.isConfigurationCommitted();
    return isRemoved || !followers.hearsMajority(now, nowNanos, timing.electionMaxNanos());
  }

  /** Answers all that wait: the lead is lost. */
  void abandon(LedgerEffects effects) {
    proposals.abandon(effects);
    rounds.abandon().forEach(read -> refuse(read, effects));
  }

  // Sending

  /** Begins a round for the reads that have gathered, and sends everybody what is due. */
  void send(long nowNanos, LedgerEffects effects) {
    if (isOwnTermCommitted()) {
      rounds.begin(own.commit());
    }
    followers.forEach((to, progress) -> sendTo(to, progress, nowNanos, effects));
  }

  private void sendTo(Participant to, Progress progress, long nowNanos, LedgerEffects effects) {
    progress.onTick(nowNanos);
    boolean isMore = true;
    while (isMore) {
      boolean isInSnapshot = progress.next() <= own.baseIndex();
      boolean hasEntries =
          !isInSnapshot && progress.next() <= own.lastIndex() && progress.hasRoom();
      isMore = hasEntries;
      if (hasEntries || progress.isDue(own.commit(), rounds.number(), nowNanos)) {
        long known =
            hasEntries || !progress.isLongUnderWay() ? progress.next() - 1 : progress.match();
        long previous = Math.max(known, own.baseIndex());
        List<Entry> entries = hasEntries ? own.batch(progress.next()) : List.of();
        if (progress.isProbing() && LedgerMessage.isLong(Entry.size(entries))) {
          entries = List.of();
        }
        sendTo(to, progress, previous, entries, nowNanos, effects);
        if (isInSnapshot) {
          effects.needsSnapshot(to);
        }
      }
    }
    if (to.equals(successor) && progress.match() == own.lastIndex()) {
      journal.send(to, new TimeoutNow(term), effects);
    }
  }

  private void sendTo(
      Participant to,
      Progress progress,
      long previous,
      List<Entry> entries,
      long nowNanos,
      LedgerEffects effects) {
    long commit = own.commit();
    long round = rounds.number();
    long previousTerm = own.term(previous);
    journal.send(to, new Append(term, previous, previousTerm, entries, commit, round), effects);
    long last = previous + entries.size();
    progress.onSent(last, Entry.size(entries), commit, round, nowNanos);
  }

  long wakeAtNanos(long nowNanos) {
    return followers.wakeAtNanos(nowNanos);
  }

  // Handing over

  /** Proposals wait until the successor has everything and has been told, or for a while. */
  void handOver(Participant to, long nowNanos) {
    if (own.configuration().isVoter(to) && !to.equals(self)) {
      successor = to;
      handOverUntilNanos = nowNanos + timing.electionMaxNanos();
    }
  }
}
