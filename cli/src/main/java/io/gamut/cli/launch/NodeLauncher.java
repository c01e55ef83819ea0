package io.gamut.cli.launch;

import io.gamut.server.NodeConfig;
import java.io.IOException;

/** Starts servers. */
@FunctionalInterface
public interface NodeLauncher {
  /**
   * Starts a server, and returns when it serves.
   *
   * @throws IOException when it cannot; the message says why
   */
  RunningNode start(NodeConfig config) throws IOException, InterruptedException;
}
