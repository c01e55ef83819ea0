package io.gamut.replication;

/** Decides when this replica tells the others what it holds. */
final class Adverts {
  private final Timing timing;
  private boolean changed = true;
  private boolean fresh;
  private boolean never = true;
  private long lastNanos;

  Adverts(Timing timing) {
    this.timing = timing;
  }

  /**
   * The replica has received something.
   *
   * @param pulled by asking, so that others may be as far behind as this replica was
   */
  void onReceived(boolean pulled) {
    changed = true;
    fresh |= pulled;
  }

  boolean isDue(Now now) {
    long since = now.nanos() - lastNanos;
    long interval =
        fresh ? timing.tickNanos() / 4 : changed ? timing.advertNanos() : timing.advertIdleNanos();
    return never || since >= interval;
  }

  /** An advert goes out now; whether it reports that this replica has caught up. */
  boolean takeFresh(Now now) {
    boolean result = fresh;
    changed = false;
    fresh = false;
    never = false;
    lastNanos = now.nanos();
    return result;
  }
}
