package io.gamut.ledger.raft;

import java.util.function.LongSupplier;

/**
 * How long a participant goes on believing in a leader that it does not hear. Drawn anew each time,
 * so that seldom two stand at once (Raft, section 5.2).
 */
final class Patience {
  private final LedgerTiming timing;
  private final LongSupplier random;
  private long heardNanos;
  private long endNanos;

  Patience(LedgerTiming timing, LongSupplier random) {
    this.timing = timing;
    this.random = random;
  }

  /** At a start nobody was heard yet; who is alone need not wait for anybody. */
  void begin(boolean isAlone, long nowNanos) {
    heardNanos = nowNanos - timing.electionMaxNanos();
    renew(nowNanos);
    if (isAlone) {
      endNanos = nowNanos;
    }
  }

  void onLeaderHeard(long nowNanos) {
    heardNanos = nowNanos;
    renew(nowNanos);
  }

  void renew(long nowNanos) {
    long spread = timing.electionMaxNanos() - timing.electionMinNanos();
    endNanos = nowNanos + timing.electionMinNanos() + Math.floorMod(random.getAsLong(), spread);
  }

  /** Whether a leader was heard so lately that nobody else should get a vote (thesis, 4.2.3). */
  boolean isLeaderFresh(long nowNanos) {
    return nowNanos - heardNanos < timing.electionMinNanos();
  }

  boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }

  long endNanos() {
    return endNanos;
  }
}
