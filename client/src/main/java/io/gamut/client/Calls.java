package io.gamut.client;

import io.gamut.client.connection.ServerAddress;
import io.gamut.client.connection.ServerPool;
import io.gamut.client.connection.Traffic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All calls of a client, and what they share: servers, time, bounds.
 *
 * <p>Safe for use by several threads.
 */
final class Calls implements ServerPool.Listener {
  private final ClientOptions options;
  private final ScheduledThreadPoolExecutor timer;
  private final ServerPool pool;
  private final Map<Traffic, Waiting> waiting = new EnumMap<>(Traffic.class);
  private final Set<Call<?>> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean closing;
  private volatile String lastLoss = "no connection was opened yet";

  Calls(ClientOptions options) {
    this.options = options;
    for (Traffic traffic : Traffic.values()) {
      waiting.put(traffic, new Waiting());
    }
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("gamut-client-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    pool = new ServerPool(options.pool(), timer, this);
  }

  ClientOptions options() {
    return options;
  }

  ServerPool pool() {
    return pool;
  }

  /** Begins a call; its result says what becomes of it, be it at once. */
  <T> Call<T> begin(Command<T> command, Level level, @Nullable Session session, Duration limit) {
    Call<T> call = new Call<>(this, command, level, session, limit);
    if (count.incrementAndGet() > options.callsMax()) {
      call.giveUp(Fault.FULL, "the client has " + options.callsMax() + " calls under way");
      return call;
    }
    underWay.add(call);
    if (closing) {
      call.giveUp(Fault.CLOSED, "the client is closed");
    } else {
      call.enter();
    }
    return call;
  }

  /** A call is over. */
  void onOver(Call<?> call, Traffic traffic) {
    underWay.remove(call);
    waiting(traffic).remove(call);
    if (count.decrementAndGet() == 0 && closing) {
      drained.complete(null);
    }
  }

  boolean isClosing() {
    return closing;
  }

  private Waiting waiting(Traffic traffic) {
    return Objects.requireNonNull(waiting.get(traffic));
  }

  /** Keeps a call until a server has room. */
  void await(Call<?> call, Traffic traffic) {
    waiting(traffic).add(call);
    if (call.isOver()) {
      waiting(traffic).remove(call);
    } else if (pool.hasRoom(traffic)) {
      onRoom(traffic); // it came to be between the question and now
    } else {
      onDenied(traffic);
    }
  }

  @Override
  public void onRoom(Traffic traffic) {
    Waiting queue = waiting(traffic);
    while (!queue.isEmpty()) {
      Call<?> eldest = queue.poll();
      if (eldest == null) {
        return;
      }
      if (!eldest.offer()) {
        queue.add(eldest);
        if (eldest.isOver()) {
          queue.remove(eldest);
        }
        return;
      }
    }
  }

  @Override
  public void onDenied(Traffic traffic) {
    Waiting queue = waiting(traffic);
    String denial = pool.denial(traffic);
    while (denial != null && !queue.isEmpty()) {
      Call<?> eldest = queue.poll();
      if (eldest != null) {
        eldest.giveUp(Fault.DENIED, denial);
      }
      // Whoever hears of it may ask again at once: that is not denied yet.
      denial = pool.denial(traffic);
    }
  }

  @Override
  public void onOpened(ServerAddress server) {
    tell(() -> options.metrics().onConnected(server.toString()));
  }

  @Override
  public void onLost(ServerAddress server, String reason) {
    lastLoss = server + ": " + reason;
    tell(() -> options.metrics().onConnectionLost(server.toString(), reason));
  }

  @Override
  public void onKnown(List<ServerAddress> servers) {
    List<String> names = servers.stream().map(ServerAddress::toString).toList();
    tell(() -> options.metrics().onServers(names));
  }

  /** What a call that found no server has to say. */
  String lastLoss() {
    return lastLoss;
  }

  /** Metrics are others' code: what they throw must not cost a reply. */
  static void tell(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      Thread current = Thread.currentThread();
      current.getUncaughtExceptionHandler().uncaughtException(current, e);
    }
  }

  @Nullable Future<?> schedule(Runnable task, long delayNanos) {
    try {
      return timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null; // closed: whoever waits is told so
    }
  }

  /** Takes no more calls, waits for those under way up to the limit, and ends the rest. */
  void close() {
    closing = true;
    if (count.get() == 0) {
      drained.complete(null);
    }
    try {
      drained.get(options.closeLimit().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // What is still under way is ended below.
    }
    underWay.forEach(call -> call.giveUp(Fault.CLOSED, "the client was closed"));
    pool.close();
    timer.shutdownNow();
  }
}
