package io.gamut.verify.report;

import io.gamut.verify.history.History;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run by pieces of time of equal length: how many requests ended in each, and how long they took.
 * Exact: the times of each piece are sorted.
 *
 * @param begin of the run, on its clock
 * @param end of the run; later than its begin
 * @param widthNanos of a piece: a second, but more if there would be very many, and less if few
 */
record Buckets(long begin, long end, long widthNanos, List<Bucket> buckets) {
  /** As many as can be told apart in a chart. */
  private static final int BUCKETS_MAX = 240;

  private static final int BUCKETS_FEW = 20;
  private static final long SECOND = 1_000_000_000;

  /**
   * A piece of time.
   *
   * @param ok requests that ended well
   * @param others requests that failed, or whose outcome is unknown
   * @param medianNanos of those that ended well; 0 if none did
   */
  record Bucket(int ok, int others, long medianNanos, long p99Nanos, long maxNanos) {}

  static Buckets of(History history) {
    long begin = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (Request request : history.requests()) {
      begin = Math.min(begin, request.invoked());
      end = Math.max(end, request.responded());
    }
    if (begin > end) {
      return new Buckets(0, 1, 1, List.of());
    }
    long width = width(end - begin);
    int count = (int) ((end - begin) / width) + 1;
    int[] ok = new int[count];
    int[] others = new int[count];
    for (Request request : history.requests()) {
      int at = (int) ((request.responded() - begin) / width);
      (request.outcome() == Outcome.OK ? ok : others)[at]++;
    }
    long[][] times = new long[count][];
    Arrays.setAll(times, i -> new long[ok[i]]);
    int[] filled = new int[count];
    for (Request request : history.requests()) {
      if (request.isOk()) {
        int at = (int) ((request.responded() - begin) / width);
        times[at][filled[at]++] = request.responded() - request.invoked();
      }
    }
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Arrays.sort(times[i]);
      buckets.add(
          new Bucket(
              ok[i], others[i], rank(times[i], 0.5), rank(times[i], 0.99), rank(times[i], 1)));
    }
    return new Buckets(begin, end, width, List.copyOf(buckets));
  }

  private static long width(long duration) {
    if (duration / SECOND >= BUCKETS_FEW && duration / SECOND < BUCKETS_MAX) {
      return SECOND;
    }
    long width = 1;
    int[] steps = {2, 5, 10};
    for (long power = 1; ; power *= 10) {
      for (int step : steps) {
        if (duration / width < BUCKETS_MAX) {
          return width;
        }
        width = power * step;
      }
    }
  }

  /** The least value that so great a share of all does not exceed. */
  private static long rank(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  double perSecond(int count) {
    return count * (double) SECOND / widthNanos;
  }
}
