package io.gamut.cli.launch;

import io.gamut.server.gateway.GatewayConfig;
import java.io.IOException;

/** Starts gateways. */
@FunctionalInterface
public interface GatewayLauncher {
  /**
   * Starts a gateway, and returns when it serves.
   *
   * @throws IOException when it cannot; the message says why
   */
  RunningNode start(GatewayConfig config) throws IOException, InterruptedException;
}
