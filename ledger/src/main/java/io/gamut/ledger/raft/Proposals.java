package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.Outcome;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A leader's entries that are not applied yet: their bytes, and who waits for them. */
final class Proposals {
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private long bytes;

  /**
   * An entry that is under way.
   *
   * @param request that asked for it; null for the leader's own
   */
  private record Pending(long index, long bytes, @Nullable Long request) {}

  void add(long index, long entryBytes, @Nullable Long request) {
    pending.add(new Pending(index, entryBytes, request));
    bytes += entryBytes;
  }

  /** How much is under way. */
  long bytes() {
    return bytes;
  }

  /** Entries up to here are committed, and have been applied. */
  void onDelivered(long through, LedgerEffects effects) {
    while (!pending.isEmpty() && pending.getFirst().index <= through) {
      Pending done = take();
      if (done.request != null) {
        effects.proposed(done.request, new Outcome.Committed(done.index));
      }
    }
  }

  /** Entries up to here came in a snapshot: what applying them has answered is known elsewhere. */
  void onSkipped(long through, LedgerEffects effects) {
    while (!pending.isEmpty() && pending.getFirst().index <= through) {
      Pending skipped = take();
      if (skipped.request != null) {
        effects.proposed(skipped.request, new Outcome.Unknown());
      }
    }
  }

  /** The lead is lost. */
  void abandon(LedgerEffects effects) {
    onSkipped(Long.MAX_VALUE, effects);
  }

  private Pending take() {
    Pending first = pending.removeFirst();
    bytes -= first.bytes;
    return first;
  }
}
