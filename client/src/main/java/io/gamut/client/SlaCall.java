package io.gamut.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A read under an SLA: one call after the other until one is answered. An alternative that is given
 * up leaves its request on its connection; connections for weak and strong requests are apart, so
 * that the next one does not wait behind it.
 */
final class SlaCall<T> {
  private final Calls calls;
  private final SlaMonitor monitor;
  private final Command<T> command;
  private final Sla sla;
  private final @Nullable Session session;
  private final Duration limit;
  private final long beganNanos = System.nanoTime();
  private final CompletableFuture<SlaReply<T>> result = new CompletableFuture<>();
  private final Iterator<Integer> ranks;

  SlaCall(
      Calls calls,
      SlaMonitor monitor,
      Command<T> command,
      Sla sla,
      @Nullable Session session,
      Duration limit) {
    if (!command.isRead()) {
      throw new IllegalArgumentException(
          command + " writes, and an SLA is for reads: a late write must not be made again");
    }
    this.calls = calls;
    this.monitor = monitor;
    this.command = command;
    this.sla = sla;
    this.session = session;
    this.limit = limit;
    this.ranks = monitor.order(sla).iterator();
  }

  CompletableFuture<SlaReply<T>> begin() {
    tryNext();
    return result;
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  private void tryNext() {
    int rank = ranks.next();
    Sla.Alternative alternative = sla.alternatives().get(rank);
    Duration left = limit.minus(elapsed());
    Duration within = left.compareTo(alternative.within()) < 0 ? left : alternative.within();
    var _ =
        calls
            .begin(command, alternative.level(), session, within)
            .result()
            .thenAccept(outcome -> onOutcome(rank, alternative, outcome));
  }

  private void onOutcome(int rank, Sla.Alternative alternative, Outcome<T> outcome) {
    Duration elapsed = elapsed();
    if (outcome instanceof Outcome.Ok<T>) {
      monitor.onHad(alternative);
      result.complete(new SlaReply<>(outcome, rank, alternative.level(), elapsed));
      return;
    }
    monitor.onMissed(alternative);
    boolean isWrong = outcome instanceof Outcome.Failed<T> failed && failed.fault() == Fault.ERR;
    if (isWrong || !ranks.hasNext() || elapsed.compareTo(limit) >= 0) {
      result.complete(new SlaReply<>(outcome, SlaReply.NONE, null, elapsed));
    } else {
      tryNext();
    }
  }
}
