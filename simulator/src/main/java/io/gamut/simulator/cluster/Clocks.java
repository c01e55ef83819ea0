package io.gamut.simulator.cluster;

import io.gamut.core.Limits;
import io.gamut.replication.Now;
import io.gamut.simulator.Timeline;

/** The clocks of simulated servers: monotonic ones that drift, wall clocks that are set. */
final class Clocks {
  static final int AHEAD_MILLIS_MAX = 700;

  private static final long MILLI = 1_000_000;
  private static final long START_MILLIS = 1_700_000_000_000L;

  private final Timeline time;
  private final int servers;
  private final double[] rates;
  private final long[] skewMillis;
  private final long[] aheadMillis;
  private final int skewMillisMax;
  private int poisoned = -1;
  private long poisonMillis;
  private long passedMillis;
  private final boolean isBounded;

  /**
   * @param isBounded whether there are always enough servers to tell whose clock is right
   */
  Clocks(Timeline time, int servers, int gateways, int skewMillisMax, boolean isBounded) {
    this.servers = servers;
    this.isBounded = isBounded;
    this.time = time;
    rates = new double[servers + gateways];
    skewMillis = new long[servers + gateways];
    aheadMillis = new long[servers + gateways];
    this.skewMillisMax = skewMillisMax;
  }

  void begin(int server, double rate, int skew) {
    rates[server] = rate;
    skewMillis[server] = skew;
  }

  Now now(int server) {
    long wall = wallMillis() + skewMillis[server] + aheadMillis[server];
    long poison = server == poisoned ? poisonMillis : 0;
    return new Now((long) (time.nanos() * rates[server]), wall + poison);
  }

  private long wallMillis() {
    return START_MILLIS + passedMillis + time.nanos() / MILLI;
  }

  /** How long a server's own clock takes for so many nanoseconds. */
  long trueNanos(int server, long ownNanos) {
    return (long) (ownNanos / rates[server]);
  }

  /** How long any server's own clock takes at most; that of a server itself as long as it does. */
  long trueNanosMax(int node, long ownNanos) {
    if (node < servers) {
      return trueNanos(node, ownNanos);
    }
    long longest = ownNanos;
    for (int server = 0; server < servers; server++) {
      longest = Math.max(longest, trueNanos(server, ownNanos));
    }
    return longest;
  }

  void set(int server, int ahead) {
    aheadMillis[server] = ahead;
  }

  /** One server's clock is far off from now on; no longer with 0. */
  void poison(int server, long millis) {
    poisoned = server;
    poisonMillis = millis;
  }

  /** The server whose clock is far off, -1 for none. */
  int poisoned() {
    return poisonMillis == 0 ? -1 : poisoned;
  }

  /** So much time passes everywhere, with nothing going on. */
  void pass(long millis) {
    passedMillis += millis;
  }

  /** What no stamp is beyond that servers with right clocks have let through. */
  long limitMillis() {
    if (!isBounded) {
      return Long.MAX_VALUE;
    }
    return wallMillis() + skewMillisMax + AHEAD_MILLIS_MAX + Limits.CLOCK_AHEAD_MILLIS_MAX + 1;
  }
}
