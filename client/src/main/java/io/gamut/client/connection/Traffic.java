package io.gamut.client.connection;

/**
 * Requests that must not wait for each other. A server runs what comes over one connection in its
 * order, and a strong request may wait there for a majority; so weak ones have connections of their
 * own.
 */
public enum Traffic {
  /** Answered by one replica, mostly at once: a connection carries many before there is another. */
  WEAK(64),
  /** May wait for others: each would rather have a connection of its own. */
  STRONG(0);

  private final int sharedBelow;

  Traffic(int sharedBelow) {
    this.sharedBelow = sharedBelow;
  }

  /** With more requests than this under way on each connection, another one is opened. */
  int sharedBelow() {
    return sharedBelow;
  }
}
