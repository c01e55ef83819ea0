package io.gamut.cli.launch;

import io.gamut.core.NodeId;
import io.gamut.server.NodeConfig;
import io.gamut.server.gateway.GatewayConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The servers of a cluster on this machine, each of them watched. */
public final class Fleet {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final NodeLauncher launcher;
  private final Consumer<String> messages;
  private final ConcurrentSkipListMap<NodeId, Watchdog> running = new ConcurrentSkipListMap<>();
  private final List<Watchdog> gateways = new ArrayList<>();

  /**
   * @param messages is told of crashes and what follows
   */
  public Fleet(NodeLauncher launcher, Consumer<String> messages) {
    this.launcher = launcher;
    this.messages = messages;
  }

  /**
   * Starts servers one after the other, and returns when all serve. One that is not there soon is
   * not waited for before the others are begun: its disk may be damaged, and then it needs them.
   *
   * @throws IOException when the first start of one fails; those that run are still to be stopped
   */
  public void start(List<NodeConfig> configs) throws IOException, InterruptedException {
    List<Future<?>> starts = new ArrayList<>();
    ExecutorService starting =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("start-", 0).factory());
    try {
      for (NodeConfig config : configs) {
        Future<?> start = starting.submit(() -> running.put(config.id(), watched(config)));
        starts.add(start);
        await(start, PATIENCE);
      }
      for (Future<?> start : starts) {
        await(start, Duration.ofNanos(Long.MAX_VALUE));
      }
    } finally {
      starting.shutdownNow();
      starting.close();
    }
  }

  private Watchdog watched(NodeConfig config) throws IOException, InterruptedException {
    return Watchdog.start(() -> launcher.start(config), "server " + config.id(), messages);
  }

  /**
   * Starts gateways, one after the other.
   *
   * @throws IOException when one cannot start; what runs is still to be stopped
   */
  public void startGateways(GatewayLauncher gatewayLauncher, List<GatewayConfig> configs)
      throws IOException, InterruptedException {
    for (GatewayConfig config : configs) {
      String name = "gateway " + gateways.size();
      gateways.add(Watchdog.start(() -> gatewayLauncher.start(config), name, messages));
    }
  }

  private static void await(Future<?> start, Duration patience)
      throws IOException, InterruptedException {
    try {
      start.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      // It goes on by itself.
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case InterruptedException _ -> throw new InterruptedIOException("the start was given up");
        case null, default -> throw new IOException("a server did not start: " + e.getCause(), e);
      }
    }
  }

  /** Those that run, in the order of their ids. */
  public List<RunningNode> nodes() {
    return running.values().stream().map(Watchdog::node).toList();
  }

  /** The gateways, in the order in which they were started. */
  public List<RunningNode> gateways() {
    return gateways.stream().map(Watchdog::node).toList();
  }

  /**
   * Ends them in order: the gateways first, which need the servers to answer; then the last one
   * first, so that those that know most see the others leave.
   */
  public void stop() throws IOException, InterruptedException {
    for (Watchdog gateway : gateways) {
      gateway.stop();
    }
    for (Watchdog server : running.descendingMap().values()) {
      server.stop();
    }
  }
}
