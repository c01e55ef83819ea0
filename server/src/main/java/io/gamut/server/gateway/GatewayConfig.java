package io.gamut.server.gateway;

import io.gamut.core.Consistency;
import io.gamut.core.Limits;
import io.gamut.overlay.Endpoint;
import io.gamut.server.ClientEndpoints;
import io.gamut.server.NodeConfig;
import io.gamut.server.access.AccessConfig;
import java.util.List;
import java.util.Optional;

/**
 * All that a gateway must be told. Begin with {@link #joining}, and say what is to be otherwise.
 *
 * @param join where servers listen for others: one that answers is enough, and tells of the others
 * @param listen where servers reach it; port 0 lets the system choose
 * @param clients where clients reach it
 * @param defaultLevel of connections that ask for none
 * @param lab whether links may be cut, and other faults be had, by command
 * @param waitMillis how long a request waits for what its session depends on
 * @param threads network threads; the first also runs the gateway
 * @param access who may use its client ports, and how
 */
public record GatewayConfig(
    List<Endpoint> join,
    Endpoint listen,
    ClientEndpoints clients,
    Consistency defaultLevel,
    boolean lab,
    int waitMillis,
    int threads,
    AccessConfig access) {
  private static final Endpoint ANY = new Endpoint("127.0.0.1", 0);

  public GatewayConfig {
    join = List.copyOf(join);
    if (join.isEmpty()) {
      throw new IllegalArgumentException("a gateway joins a cluster: say where a server listens");
    }
    if (waitMillis < 0 || waitMillis > Limits.WAIT_MILLIS_MAX) {
      throw new IllegalArgumentException(
          "a request may wait 0 to " + Limits.WAIT_MILLIS_MAX + " ms, not " + waitMillis);
    }
    if (threads < 1 || threads > NodeConfig.THREADS_MAX) {
      throw new IllegalArgumentException(
          "a gateway has 1 to " + NodeConfig.THREADS_MAX + " network threads, not " + threads);
    }
  }

  /** A gateway with defaults for all that has one, on ports that the system chooses. */
  public static GatewayConfig joining(List<Endpoint> servers) {
    return new GatewayConfig(
        servers,
        ANY,
        new ClientEndpoints(ANY, Optional.of(ANY), Optional.of(ANY)),
        Consistency.LINEARIZABLE,
        false,
        NodeConfig.WAIT_MILLIS_DEFAULT,
        NodeConfig.defaultThreads(),
        AccessConfig.OPEN);
  }

  /** The same with other places for clients. */
  public GatewayConfig with(ClientEndpoints other) {
    return new GatewayConfig(join, listen, other, defaultLevel, lab, waitMillis, threads, access);
  }
}
