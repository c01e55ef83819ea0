package io.gamut.replication;

/**
 * The times and budgets of a replica, each with its unit and reason.
 *
 * @param tickNanos how often time-driven work is looked at
 * @param spreadNanos own updates gather this long before they are spread together
 * @param advertNanos between adverts while something changes
 * @param advertIdleNanos between adverts in silence; what an advert's loss costs at worst
 * @param graceNanos how long something known to exist may be missing before it is asked for: it is
 *     most likely under way
 * @param pullTimeoutNanos until an unanswered question is asked elsewhere; doubles up to 16 times
 * @param dropNanos how often to look for updates that nobody needs any more
 * @param pullBytes about how much one answer may bring
 */
public record Timing(
    long tickNanos,
    long spreadNanos,
    long advertNanos,
    long advertIdleNanos,
    long graceNanos,
    long pullTimeoutNanos,
    long dropNanos,
    int pullBytes) {
  private static final long MILLI = 1_000_000;

  public static final Timing DEFAULT =
      new Timing(
          20 * MILLI,
          5 * MILLI,
          100 * MILLI,
          1_000 * MILLI,
          60 * MILLI,
          1_000 * MILLI,
          100 * MILLI,
          1 << 20);
}
