package io.gamut.ledger.raft;

import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a leader knows of all others, and what a majority of the voters have in common. */
final class Followers {
  private final TreeMap<Participant, Progress> progresses = new TreeMap<>();
  private final Participant self;
  private final LedgerTiming timing;

  Followers(Participant self, LedgerTiming timing) {
    this.self = self;
    this.timing = timing;
  }

  @Nullable Progress find(Participant participant) {
    return progresses.get(participant);
  }

  void forEach(BiConsumer<Participant, Progress> action) {
    progresses.forEach(action);
  }

  /** Those that take part are told everything from now on, from {@code next} on; others no more. */
  void follow(Configuration configuration, long next, long nowNanos) {
    progresses.keySet().removeIf(each -> !configuration.contains(each));
    for (Participant participant : configuration.everyone()) {
      if (!participant.equals(self)) {
        progresses.computeIfAbsent(participant, _ -> new Progress(timing, next, nowNanos));
      }
    }
  }

  /**
   * The greatest figure that a majority of the voters reaches, each follower by {@code figure},
   * this participant by {@code own}; it counts only if it is a voter.
   */
  long reachedByMajority(Configuration configuration, long own, ToLongFunction<Progress> figure) {
    int count = configuration.voters().size();
    if (count == 0) {
      return 0;
    }
    long[] figures = new long[count];
    int at = 0;
    for (Participant voter : configuration.voters()) {
      Progress progress = progresses.get(voter);
      long reached = progress == null ? 0 : figure.applyAsLong(progress);
      figures[at++] = voter.equals(self) ? own : reached;
    }
    Arrays.sort(figures);
    return figures[count - configuration.majority()];
  }

  /** Whether a majority of the voters, this one included, was heard not longer ago than this. */
  boolean hearsMajority(Configuration configuration, long nowNanos, long withinNanos) {
    int heard = configuration.isVoter(self) ? 1 : 0;
    for (Map.Entry<Participant, Progress> each : progresses.entrySet()) {
      boolean isRecent = nowNanos - each.getValue().heardNanos() <= withinNanos;
      heard += isRecent && configuration.isVoter(each.getKey()) ? 1 : 0;
    }
    return heard >= configuration.majority();
  }

  /** When the next heartbeat is due. */
  long wakeAtNanos(long nowNanos) {
    long wake = nowNanos + timing.heartbeatNanos();
    for (Progress progress : progresses.values()) {
      wake = Math.min(wake, progress.sentNanos() + timing.heartbeatNanos());
    }
    return wake;
  }
}
