package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

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
  private static final int PAIRS = (HIGHEST - LOWEST) / 2;
  private static final int ATTEMPTS_MAX = 1_000;

  /** From one pair to the next, all in turn: far, since the ports behind one are taken with it. */
  private static final int STEP = 1_777;

  /**
   * How many were looked at, begun where chance has it: one that was handed out, and is not used
   * yet, is free still, and must not be handed out again.
   */
  private static final AtomicInteger LOOKED_AT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(PAIRS));

  private Ports() {}

  public static boolean isFree(Endpoint endpoint) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(endpoint.host(), endpoint.port()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Two free ports, one behind the other; the lower is returned. Other ones each time. */
  public static int freePair(String host) throws IOException {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      long pair = Math.floorMod((long) STEP * LOOKED_AT.getAndIncrement(), PAIRS);
      int port = LOWEST + 2 * (int) pair;
      if (isFree(new Endpoint(host, port)) && isFree(new Endpoint(host, port + 1))) {
        return port;
      }
    }
    throw new IOException(
        "no two free ports between " + LOWEST + " and " + HIGHEST + " on " + host);
  }
}
