package io.gamut.simulator.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What carries messages between gateways and servers: in their order while a path stands, but for
 * those that are stalled; some are lost, and some come twice. A gateway relays nothing.
 */
final class GatewayLinks {
  private static final long MICRO = 1_000;
  private static final int LATE_MICROS_MAX = 700_000;

  private final ClusterScenario.Network options;
  private final SplittableRandom random;
  private final ClusterWorld world;
  private final ClusterNetwork servers;
  private final boolean[][] cut;
  private final long[][] lastToServer;
  private final long[][] lastToGateway;
  private boolean calm;

  GatewayLinks(
      ClusterScenario scenario,
      int gateways,
      SplittableRandom random,
      ClusterWorld world,
      ClusterNetwork servers) {
    options = scenario.network();
    this.random = random;
    this.world = world;
    this.servers = servers;
    cut = new boolean[gateways][scenario.servers()];
    lastToServer = new long[gateways][scenario.servers()];
    lastToGateway = new long[gateways][scenario.servers()];
  }

  void cut(int gateway, int server) {
    cut[gateway][server] = true;
  }

  void heal(int gateway) {
    Arrays.fill(cut[gateway], false);
  }

  /** From now on nothing is lost, repeated or stalled. */
  void calmDown() {
    calm = true;
    for (boolean[] row : cut) {
      Arrays.fill(row, false);
    }
  }

  /** Whether there is a link, or a path where servers relay. */
  boolean isReachable(int gateway, int server) {
    for (int first = 0; first < cut[gateway].length; first++) {
      boolean isOnTheWay = first == server || (options.relays() && leads(first, server));
      if (isOnTheWay && !cut[gateway][first] && world.isUp(first)) {
        return world.isUp(server);
      }
    }
    return false;
  }

  private boolean leads(int first, int server) {
    return servers.isReachable(first, server) && servers.isReachable(server, first);
  }

  /** Delivers a message, perhaps, and perhaps twice; says whether there is a way. */
  boolean send(int gateway, int server, boolean isToServer, Runnable delivery) {
    if (!isReachable(gateway, server)) {
      return false;
    }
    long[] last = (isToServer ? lastToServer : lastToGateway)[gateway];
    if (calm || random.nextInt(100) >= options.lossPercent()) {
      transmit(gateway, server, last, delivery);
      if (!calm && random.nextInt(100) < options.repeatPercent()) {
        transmit(gateway, server, last, delivery);
      }
    }
    return true;
  }

  private void transmit(int gateway, int server, long[] last, Runnable delivery) {
    boolean isLate = !calm && random.nextInt(100) < options.latePercent();
    int micros = 20 + random.nextInt(isLate ? LATE_MICROS_MAX : options.latencyMicrosMax());
    long arrival = world.trueNanos() + micros * MICRO;
    if (!isLate) {
      arrival = Math.max(arrival, last[server]);
      last[server] = arrival;
    }
    world.later(
        arrival - world.trueNanos(),
        () -> {
          if (isReachable(gateway, server)) {
            delivery.run();
          }
        });
  }
}
