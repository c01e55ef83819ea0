package io.gamut.server.resp;

import io.gamut.server.access.ClientAccess;
import io.gamut.server.access.User;
import io.gamut.server.service.NodeServices;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all RESP connections of a server share. For any thread. */
final class RespShared {
  private final NodeServices services;
  private final ClientAccess access;
  private final CommandTable commands = new CommandTable();
  private final Cursors cursors = new Cursors();
  private final long begunNanos = System.nanoTime();
  private final AtomicLong lastClient = new AtomicLong();
  private final Map<Long, ClientFacts> clients = new ConcurrentHashMap<>();
  private final LongAdder requests = new LongAdder();
  private final SlowLog slowLog;
  private final LatencyMonitor latency;

  RespShared(NodeServices services, ClientAccess access) {
    this.services = services;
    this.access = access;
    slowLog = new SlowLog(services.clock());
    latency = new LatencyMonitor(services.clock());
  }

  NodeServices services() {
    return services;
  }

  ClientAccess access() {
    return access;
  }

  CommandTable commands() {
    return commands;
  }

  Cursors cursors() {
    return cursors;
  }

  long begunNanos() {
    return begunNanos;
  }

  SlowLog slowLog() {
    return slowLog;
  }

  LatencyMonitor latency() {
    return latency;
  }

  /** How many requests there were. */
  LongAdder requests() {
    return requests;
  }

  /** How many connections there were, those that are open with them. */
  long connectionsEver() {
    return lastClient.get();
  }

  ClientFacts connected(String address, String localAddress) {
    ClientFacts facts =
        new ClientFacts(lastClient.incrementAndGet(), address, localAddress, User.ANYBODY.name());
    clients.put(facts.id(), facts);
    return facts;
  }

  void disconnected(ClientFacts facts) {
    clients.remove(facts.id());
  }

  /** Those that are connected, the eldest first. */
  Map<Long, ClientFacts> clients() {
    return new TreeMap<>(clients);
  }
}
