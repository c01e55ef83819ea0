package io.gamut.simulator.cluster;

import io.gamut.simulator.Links;
import io.gamut.simulator.Timeline;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * What carries messages between simulated servers. It keeps the order of each source, destination
 * and channel, as the overlay does while a path stands; some messages are stalled, and come after
 * others that were sent on a path that came up meanwhile.
 */
final class ClusterNetwork {
  private static final long MICRO = 1_000;
  private static final int LATE_MICROS_MAX = 700_000;

  private final ClusterScenario.Network options;
  private final SplittableRandom random;
  private final Timeline time;
  private final Links links;
  private final Ends ends;
  private final Map<Channel, long[][]> lastArrivals = new EnumMap<>(Channel.class);
  private boolean calm;

  /** What is sent apart from each other. */
  enum Channel {
    WEAK,
    LEDGER,
    FORWARD,
    SNAPSHOT
  }

  /** The servers. */
  interface Ends {
    boolean isUp(int server);
  }

  ClusterNetwork(
      ClusterScenario.Network options,
      int servers,
      SplittableRandom random,
      Timeline time,
      Ends ends) {
    this.options = options;
    this.random = random;
    this.time = time;
    this.ends = ends;
    links = new Links(servers);
    for (Channel channel : Channel.values()) {
      lastArrivals.put(channel, new long[servers][servers]);
    }
  }

  Links links() {
    return links;
  }

  /** From now on nothing is lost, repeated or stalled. */
  void calmDown() {
    calm = true;
    links.healAll();
  }

  /** Delivers a message, perhaps, and perhaps twice. */
  void send(int from, int to, Channel channel, Runnable delivery) {
    if (calm || random.nextInt(100) >= options.lossPercent()) {
      transmit(from, to, channel, delivery);
      if (!calm && random.nextInt(100) < options.repeatPercent()) {
        transmit(from, to, channel, delivery);
      }
    }
  }

  private void transmit(int from, int to, Channel channel, Runnable delivery) {
    long[] last = Objects.requireNonNull(lastArrivals.get(channel))[from];
    if (!isReachable(from, to)) {
      last[to] = 0;
      return;
    }
    boolean isLate = !calm && random.nextInt(100) < options.latePercent();
    int micros = 20 + random.nextInt(isLate ? LATE_MICROS_MAX : options.latencyMicrosMax());
    long arrival = time.nanos() + micros * MICRO;
    if (!isLate) {
      arrival = Math.max(arrival, last[to]);
      last[to] = arrival;
    }
    time.schedule(
        arrival - time.nanos(),
        () -> {
          if (ends.isUp(to) && isReachable(from, to)) {
            delivery.run();
          }
        });
  }

  /** Whether there is a link, or a path where servers relay. */
  boolean isReachable(int from, int to) {
    return options.relays() ? links.isReachable(from, to, ends::isUp) : !links.isCut(from, to);
  }
}
