package io.gamut.server.access;

/**
 * What clients are given at most, per port.
 *
 * @param connectionsMax at one time; more are told so and closed
 * @param idleSeconds for which a connection may be silent; 0 for ever
 */
public record ClientLimits(int connectionsMax, int idleSeconds) {
  public static final int CONNECTIONS_DEFAULT = 10_000;
  public static final ClientLimits DEFAULT = new ClientLimits(CONNECTIONS_DEFAULT, 0);

  /**
   * For which a client may take nothing of the answers that wait for it. It is not slow then, but
   * gone, and what it holds is somebody else's. Seconds.
   */
  public static final int STALL_SECONDS_MAX = 60;

  private static final int MOST = 1_000_000;

  public ClientLimits {
    if (connectionsMax < 1 || connectionsMax > MOST) {
      throw new IllegalArgumentException(
          "clients have 1 to " + MOST + " connections, not " + connectionsMax);
    }
    if (idleSeconds < 0 || idleSeconds > MOST) {
      throw new IllegalArgumentException(
          "a connection may be silent for 0 to " + MOST + " s, not " + idleSeconds);
    }
  }
}
