package io.gamut.replication;

import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;

/**
 * Eager spreading: sends own updates to everybody soon after they are durable.
 *
 * <p>The first update waits {@link Timing#spreadNanos} for others to go with it: a batch costs each
 * receiver one frame, one disk write and one commit, however many updates are in it. What gets lost
 * on the way is left to anti-entropy.
 */
final class Spreading {
  /** What one message holds, if not a single longer update. */
  private static final int BATCH_BYTES_MAX = 64 << 10;

  private final Timing timing;
  private List<Update> gathered = new ArrayList<>();
  private int bytes;
  private long firstNanos;

  Spreading(Timing timing) {
    this.timing = timing;
  }

  void add(Update update, Now now) {
    if (gathered.isEmpty()) {
      firstNanos = now.nanos();
    }
    gathered.add(update);
    bytes += update.size();
  }

  /** Sends what has gathered, if it is time. */
  void flush(Now now, Effects effects) {
    if (gathered.isEmpty()) {
      return;
    }
    if (bytes >= BATCH_BYTES_MAX || now.nanos() - firstNanos >= timing.spreadNanos()) {
      for (List<Update> batch : Batches.of(gathered, BATCH_BYTES_MAX)) {
        effects.broadcast(new PeerMessage.Spread(batch));
      }
      gathered = new ArrayList<>();
      bytes = 0;
    }
  }

  boolean isEmpty() {
    return gathered.isEmpty();
  }

  /** When what has gathered must go. */
  long dueNanos() {
    return firstNanos + timing.spreadNanos();
  }
}
