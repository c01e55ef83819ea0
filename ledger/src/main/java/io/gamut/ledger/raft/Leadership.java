package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.EntryLog;
import io.gamut.ledger.log.Participant;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a participant keeps while it leads, and forgets when it does not any more. */
final class Leadership {
  private final TreeMap<Participant, Progress> followers = new TreeMap<>();
  private final TreeMap<Long, Long> proposals = new TreeMap<>();
  private final ReadRounds rounds = new ReadRounds();
  private final Participant self;
  private final long firstIndex;
  private long pendingBytes;
  private long released;
  private @Nullable Participant successor;
  private long handOverUntilNanos;

  /**
   * @param firstIndex of the first entry of this term
   */
  Leadership(Participant self, long firstIndex) {
    this.self = self;
    this.firstIndex = firstIndex;
    released = firstIndex - 1;
  }

  /**
   * The first entry of this leader's own term. Only once that is committed does the leader know what
   * is (Raft, section 5.4.2 and 8), so that reads and changes of members wait for it.
   */
  long firstIndex() {
    return firstIndex;
  }

  ReadRounds rounds() {
    return rounds;
  }

  // Followers

  NavigableMap<Participant, Progress> followers() {
    return followers;
  }

  @Nullable Progress follower(Participant participant) {
    return followers.get(participant);
  }

  /** Those that take part are told everything from now on; others no more. */
  void follow(Configuration configuration, LedgerTiming timing, long next, long nowNanos) {
    followers.keySet().removeIf(each -> !configuration.contains(each));
    for (Participant participant : configuration.everyone()) {
      if (!participant.equals(self)) {
        followers.computeIfAbsent(participant, _ -> new Progress(timing, next, nowNanos));
      }
    }
  }

  /**
   * The greatest figure that a majority of the voters reaches, each follower by {@code figure}, this
   * participant by {@code own}.
   */
  long reachedByMajority(Configuration configuration, long own, ToLongFunction<Progress> figure) {
    long[] figures = new long[configuration.voters().size()];
    int count = 0;
    for (Participant voter : configuration.voters()) {
      Progress progress = followers.get(voter);
      figures[count++] =
          voter.equals(self) ? own : progress == null ? 0 : figure.applyAsLong(progress);
    }
    if (count == 0) {
      return 0;
    }
    Arrays.sort(figures);
    return figures[count - configuration.majority()];
  }

  /** Whether a majority of the voters, this one included, was heard not longer ago than this. */
  boolean hearsMajority(Configuration configuration, long nowNanos, long withinNanos) {
    long heard = configuration.isVoter(self) ? 1 : 0;
    for (Map.Entry<Participant, Progress> each : followers.entrySet()) {
      boolean isRecent = nowNanos - each.getValue().heardNanos() <= withinNanos;
      heard += isRecent && configuration.isVoter(each.getKey()) ? 1 : 0;
    }
    return heard >= configuration.majority();
  }

  // Proposals

  /** Entries by index that somebody waits for, with their requests. */
  NavigableMap<Long, Long> proposals() {
    return proposals;
  }

  void onProposed(long index, long request) {
    proposals.put(index, request);
  }

  /** Bytes in the log that are not committed yet. */
  long pendingBytes() {
    return pendingBytes;
  }

  void addPending(long bytes) {
    pendingBytes += bytes;
  }

  /** Answers proposals up to here: they are committed, and have been applied. */
  void onDelivered(long through, EntryLog log, LedgerEffects effects) {
    for (; released < through; released++) {
      pendingBytes -= log.entry(released + 1).size();
    }
    while (!proposals.isEmpty() && proposals.firstKey() <= through) {
      Map.Entry<Long, Long> done = proposals.pollFirstEntry();
      effects.proposed(done.getValue(), new Outcome.Committed(done.getKey()));
    }
  }

  /** When the next heartbeat is due. */
  long wakeAtNanos(LedgerTiming timing, long nowNanos) {
    long wake = nowNanos + timing.heartbeatNanos();
    for (Progress progress : followers.values()) {
      wake = Math.min(wake, progress.sentNanos() + timing.heartbeatNanos());
    }
    return wake;
  }

  // Handing over

  /** To whom the lead is being handed over; proposals wait meanwhile. */
  @Nullable Participant successor() {
    return successor;
  }

  void handOver(Participant to, long untilNanos) {
    successor = to;
    handOverUntilNanos = untilNanos;
  }

  void endHandOverIfLate(long nowNanos) {
    if (successor != null && nowNanos - handOverUntilNanos >= 0) {
      successor = null;
    }
  }
}
