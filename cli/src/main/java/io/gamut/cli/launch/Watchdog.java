package io.gamut.cli.launch;

import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Keeps one server running: when it crashes, it is started again. One that ends in order by itself,
 * since it was told to leave the cluster, stays down.
 *
 * <p>The pause before that doubles from one crash to the next, so that a server that cannot live
 * does not burn the machine; after a minute of life it starts small again.
 */
public final class Watchdog {
  private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(15);
  private static final Duration LIFE_GOOD = Duration.ofMinutes(1);

  private final NodeLauncher launcher;
  private final NodeConfig config;
  private final Consumer<String> messages;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Thread thread;
  private RunningNode node;

  private Watchdog(
      NodeLauncher launcher, NodeConfig config, RunningNode node, Consumer<String> messages) {
    this.launcher = launcher;
    this.config = config;
    this.node = node;
    this.messages = messages;
    this.thread = Thread.ofVirtual().name("watchdog-" + config.id()).unstarted(this::watch);
  }

  /**
   * Starts a server, whose ports must be given ones, and watches it from then on.
   *
   * @throws IOException when the first start fails: nobody watches then
   */
  public static Watchdog start(NodeLauncher launcher, NodeConfig config, Consumer<String> messages)
      throws IOException, InterruptedException {
    Watchdog watchdog = new Watchdog(launcher, config, launcher.start(config), messages);
    watchdog.thread.start();
    return watchdog;
  }

  private void watch() {
    try {
      Duration pause = PAUSE_FIRST;
      while (!closing.isDone()) {
        long startNanos = System.nanoTime();
        CompletableFuture.anyOf(closing, current().ended()).join();
        if (closing.isDone()) {
          return;
        }
        if (current().endedInOrder()) {
          messages.accept("server " + config.id() + " has ended in order, and stays down");
          return;
        }
        boolean lived = System.nanoTime() - startNanos > LIFE_GOOD.toNanos();
        pause = startAgain(lived ? PAUSE_FIRST : pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tries until the server runs again, or is no longer wanted; the pause before the next crash. */
  private Duration startAgain(Duration first) throws InterruptedException {
    Duration pause = first;
    String reason = current().ended().join();
    while (true) {
      messages.accept(
          "server %s is down (%s); starting it again in %d ms"
              .formatted(config.id(), reason, pause.toMillis()));
      if (closedWithin(pause)) {
        return pause;
      }
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
      try {
        RunningNode started = launcher.start(config);
        if (!adopt(started)) {
          started.kill();
          return pause;
        }
        messages.accept("server " + config.id() + " is up again");
        return pause;
      } catch (IOException e) {
        reason = String.valueOf(e.getMessage());
      }
    }
  }

  private boolean closedWithin(Duration pause) throws InterruptedException {
    try {
      closing.get(pause.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized boolean adopt(RunningNode started) {
    if (closing.isDone()) {
      return false;
    }
    node = started;
    return true;
  }

  private synchronized RunningNode current() {
    return node;
  }

  public RunningNode node() {
    return current();
  }

  /** Stops watching, and ends the server in order. */
  public void stop() throws IOException, InterruptedException {
    synchronized (this) {
      closing.complete(null);
    }
    current().stop();
  }
}
