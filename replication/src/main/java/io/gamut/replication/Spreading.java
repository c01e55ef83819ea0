package io.gamut.replication;

import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;

/**
 * Eager spreading: sends own updates to everybody as soon as they are durable.
 *
 * <p>After a pause the first update goes at once; those that follow within {@link
 * Timing#spreadNanos} go together, which saves each receiver a frame and a disk write per update.
 * What gets lost on the way is left to anti-entropy.
 */
final class Spreading {
  private static final int BATCH_BYTES_MAX = 64 << 10;

  private final Timing timing;
  private List<Update> gathered = new ArrayList<>();
  private int bytes;
  private long lastNanos;

  Spreading(Timing timing) {
    this.timing = timing;
  }

  void add(Update update) {
    gathered.add(update);
    bytes += update.size();
  }

  /** Sends what has gathered, if it is time. */
  void flush(Now now, Effects effects) {
    if (gathered.isEmpty()) {
      return;
    }
    if (bytes >= BATCH_BYTES_MAX || now.nanos() - lastNanos >= timing.spreadNanos()) {
      effects.broadcast(new PeerMessage.Spread(gathered));
      gathered = new ArrayList<>();
      bytes = 0;
      lastNanos = now.nanos();
    }
  }

  boolean isEmpty() {
    return gathered.isEmpty();
  }

  /** When what has gathered must go. */
  long dueNanos() {
    return lastNanos + timing.spreadNanos();
  }
}
