package io.gamut.server.memcached;

import io.gamut.server.access.ClientAccess;
import io.gamut.server.service.NodeServices;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/** What all memcached connections of a server share. For any thread. */
final class MemcachedShared {
  private final NodeServices services;
  private final ClientAccess access;
  private final DelayedFlush later;
  private final long begunNanos = System.nanoTime();
  private final Tally tally = new Tally();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong connectionsEver = new AtomicLong();

  MemcachedShared(NodeServices services, ClientAccess access, ScheduledExecutorService timer) {
    this.services = services;
    this.access = access;
    later = new DelayedFlush(services, timer);
  }

  NodeServices services() {
    return services;
  }

  ClientAccess access() {
    return access;
  }

  long begunNanos() {
    return begunNanos;
  }

  DelayedFlush later() {
    return later;
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
