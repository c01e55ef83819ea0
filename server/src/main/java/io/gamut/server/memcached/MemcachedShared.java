package io.gamut.server.memcached;

import io.gamut.server.service.NodeServices;
import java.util.concurrent.atomic.AtomicLong;

/** What all memcached connections of a server share. For any thread. */
final class MemcachedShared {
  private final NodeServices services;
  private final long begunNanos = System.nanoTime();
  private final Tally tally = new Tally();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong connectionsEver = new AtomicLong();

  MemcachedShared(NodeServices services) {
    this.services = services;
  }

  NodeServices services() {
    return services;
  }

  long begunNanos() {
    return begunNanos;
  }

  Tally tally() {
    return tally;
  }

  void connected() {
    connections.incrementAndGet();
    connectionsEver.incrementAndGet();
  }

  void disconnected() {
    connections.decrementAndGet();
  }

  /** How many connections are open. */
  long connections() {
    return connections.get();
  }

  /** How many connections there were, those that are open with them. */
  long connectionsEver() {
    return connectionsEver.get();
  }
}
