package io.gamut.bench.ledger;

import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.log.Entry;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Keeps so many requests under way at once: each is replaced, a turn later, when it is answered.
 * How long each took is measured from when it was asked for.
 *
 * <p>Thread rules: one thread, the node's.
 */
final class ClosedLoop {
  private static final int OPERATION_BYTES = 100;
  private static final long SLOWEST_NANOS = 60_000_000_000L;

  private final boolean isReading;
  private final int perRequest;
  private final int outstanding;
  private final long endNanos;
  private final byte[] content;
  private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
  private final Histogram latencies = new Histogram(SLOWEST_NANOS, 3);
  private final long[] askedNanos;
  private final long beganNanos;
  private final long begunAt;
  private long nextRequest;
  private long answered;
  private long failed;
  private int idle;
  private long readsRequest = -1;
  private int readsUnderWay;

  /**
   * A load of one kind.
   *
   * @param perRequest operations in one entry; reads that share a question are one each
   */
  ClosedLoop(boolean isReading, int perRequest, int outstanding, long nanos, long firstRequest) {
    this.isReading = isReading;
    this.perRequest = perRequest;
    this.outstanding = outstanding;
    nextRequest = firstRequest;
    begunAt = firstRequest;
    beganNanos = System.nanoTime();
    endNanos = beganNanos + nanos;
    content = new byte[OPERATION_BYTES * perRequest];
    new Random(1).nextBytes(content);
    askedNanos = new long[outstanding];
    idle = outstanding;
  }

  CompletableFuture<LoadResult> result() {
    return result;
  }

  /** The next request's number; each is used once. */
  long nextRequest() {
    return nextRequest;
  }

  /**
   * Asks for what is to replace what was answered. Proposals are an entry each; the reads of a turn
   * share one question, as a replica's do.
   */
  void advance(Consumer<LedgerInput> ledger) {
    long now = System.nanoTime();
    if (now - endNanos >= 0) {
      finish(now);
      return;
    }
    if (isReading) {
      askForReads(now, ledger);
    } else {
      for (int left = idle; left > 0; left--) {
        idle--;
        long request = nextRequest++;
        askedNanos[slot(request)] = now;
        ledger.accept(new LedgerInput.Propose(request, new Entry.Command(content.clone())));
      }
    }
  }

  private int slot(long request) {
    return (int) (request % outstanding);
  }

  private void askForReads(long now, Consumer<LedgerInput> ledger) {
    if (idle > 0 && readsUnderWay == 0) {
      readsUnderWay = idle;
      idle = 0;
      readsRequest = nextRequest++;
      askedNanos[0] = now;
      ledger.accept(new LedgerInput.Read(readsRequest));
    }
  }

  void onProposed(long request, boolean isCommitted) {
    if (request < begunAt) {
      return; // of the load before, which has ended with it under way
    }
    count(System.nanoTime() - askedNanos[slot(request)], 1, isCommitted);
  }

  void onRead(long request, boolean isConfirmed) {
    if (request == readsRequest) {
      count(System.nanoTime() - askedNanos[0], readsUnderWay, isConfirmed);
      readsUnderWay = 0;
    }
  }

  private void count(long nanos, int requests, boolean isDone) {
    idle += requests;
    if (isDone) {
      answered += requests;
      latencies.recordValueWithCount(Math.min(nanos, SLOWEST_NANOS), requests);
    } else {
      failed += requests;
    }
  }

  private void finish(long now) {
    double seconds = (now - beganNanos) / 1e9;
    result.complete(
        new LoadResult(
            answered * perRequest / seconds,
            latencies.getValueAtPercentile(50) / 1_000,
            latencies.getValueAtPercentile(99) / 1_000,
            failed));
  }
}
