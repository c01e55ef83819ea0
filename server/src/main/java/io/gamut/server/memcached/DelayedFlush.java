package io.gamut.server.memcached;

import io.gamut.core.Consistency;
import io.gamut.core.ErrorCode;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Session;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Outcome;
import io.gamut.server.request.Writes;
import io.gamut.server.service.NodeServices;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code flush_all} that is still to come. There is one at most: the last one counts, as in
 * memcached. It is this server's alone, and forgotten when that ends. For any thread.
 */
final class DelayedFlush {
  private static final Logger LOGGER = LoggerFactory.getLogger(DelayedFlush.class);
  private static final long RETRY_MILLIS = 1_000;

  private final NodeServices services;
  private final ScheduledExecutorService timer;
  private @Nullable Object awaited;

  DelayedFlush(NodeServices services, ScheduledExecutorService timer) {
    this.services = services;
    this.timer = timer;
  }

  /** There is none any more. */
  synchronized void cancel() {
    awaited = null;
  }

  /** Flushes after some time, instead of what was to come. */
  synchronized void after(long millis) {
    Object flush = new Object();
    awaited = flush;
    schedule(flush, millis);
  }

  private void schedule(Object flush, long millis) {
    var _ = timer.schedule(() -> run(flush), millis, TimeUnit.MILLISECONDS);
  }

  private synchronized boolean isAwaited(Object flush) {
    return flush.equals(awaited);
  }

  private void run(Object flush) {
    if (!isAwaited(flush)) {
      return;
    }
    Asked asked =
        new Asked(0, Consistency.LINEARIZABLE, 0, services.waitMillis(), new Session(), true);
    new Writes(services, timer)
        .execute(Operation.Clear.CLEAR, asked, outcome -> onOutcome(flush, outcome));
  }

  /**
   * What was not done is done later; what may have been done must not hit what is written since.
   */
  private void onOutcome(Object flush, Outcome<OperationResult> outcome) {
    if (outcome
        instanceof Outcome.Refused<OperationResult>(ErrorCode code, String message, var _)) {
      if (code == ErrorCode.NOQUORUM || code == ErrorCode.BUSY) {
        schedule(flush, RETRY_MILLIS);
      } else {
        LOGGER.warn("A delayed flush_all may not have been done: {} {}", code, message);
      }
    }
  }
}
