package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports.
 *
 * <p>Servers that die and come back need the ports that they had. Those that a system hands out by
 * itself (32,768 and above on Linux) may meanwhile have become the local end of some connection,
 * and who dials such a port while nobody listens can be connected to himself; so ports are picked
 * below that range.
 */
public final class Ports {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS_MAX = 1_000;

  private Ports() {}

  public static boolean isFree(Endpoint endpoint) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(endpoint.host(), endpoint.port()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Two free ports, one behind the other; the lower is returned. */
  public static int freePair(String host) throws IOException {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      int port = 2 * ThreadLocalRandom.current().nextInt(LOWEST / 2, HIGHEST / 2);
      if (isFree(new Endpoint(host, port)) && isFree(new Endpoint(host, port + 1))) {
        return port;
      }
    }
    throw new IOException(
        "no two free ports between " + LOWEST + " and " + HIGHEST + " on " + host);
  }
}
