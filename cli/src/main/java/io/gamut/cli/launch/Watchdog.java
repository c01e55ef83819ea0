package io.gamut.cli.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Keeps one server or gateway running: when it crashes, it is started again. One that ends in order
 * by itself, since it was told to leave the cluster, stays down.
 *
 * <p>The pause before that doubles from one crash to the next, so that a server that cannot live
 * does not burn the machine; after a minute of life it starts small again.
 */
final class Watchdog {
  private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(15);
  private static final Duration LIFE_GOOD = Duration.ofMinutes(1);

  private final Start start;
  private final String name;
  private final Consumer<String> messages;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Thread thread;
  private RunningNode node;

  /** Starts it, and returns when it serves; the message of what it throws says why it cannot. */
  @FunctionalInterface
  interface Start {
    RunningNode start() throws IOException, InterruptedException;
  }

  private Watchdog(Start start, String name, RunningNode node, Consumer<String> messages) {
    this.start = start;
    this.name = name;
    this.node = node;
    this.messages = messages;
    this.thread = Thread.ofVirtual().name("watchdog of " + name).unstarted(this::watch);
  }

  /**
   * Starts a server or a gateway, whose ports must be given ones, and watches it from then on.
   *
   * @param name for messages
   * @throws IOException when the first start fails: nobody watches then
   */
  static Watchdog start(Start start, String name, Consumer<String> messages)
      throws IOException, InterruptedException {
    Watchdog watchdog = new Watchdog(start, name, start.start(), messages);
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
          messages.accept(name + " has ended in order, and stays down");
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
          "%s is down (%s); starting it again in %d ms".formatted(name, reason, pause.toMillis()));
      if (closedWithin(pause)) {
        return pause;
      }
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
      try {
        RunningNode started = start.start();
        if (!adopt(started)) {
          started.kill();
          return pause;
        }
        messages.accept(name + " is up again");
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

  RunningNode node() {
    return current();
  }

  /** Stops watching, and ends the server in order. */
  void stop() throws IOException, InterruptedException {
    synchronized (this) {
      closing.complete(null);
    }
    current().stop();
  }
}
