package io.gamut.verify.check;

/** Sums of moments and durations, which do not go past the ends of time: a life may be for ever. */
final class Times {
  private Times() {}

  /** So much later; {@link Long#MAX_VALUE} at most. */
  static long after(long moment, long nanos) {
    long sum = moment + nanos;
    return sum < moment ? Long.MAX_VALUE : sum;
  }

  /** So much earlier; {@link Long#MIN_VALUE} at least. */
  static long before(long moment, long nanos) {
    long difference = moment - nanos;
    return difference > moment ? Long.MIN_VALUE : difference;
  }
}
