package io.gamut.client.connection;

import io.gamut.client.connection.ServerPool.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server for one kind of traffic: none before the first request, then one
 * and more as there is need. A connection that is lost is opened again in the background, after a
 * time that grows with each failure. Who was denied is not: it is tried again when there is another
 * request, so that wrong credentials do not knock for ever.
 *
 * <p>Safe for use by several threads.
 */
final class Lane implements PipelinedConnection.Listener {
  private final ServerAddress server;
  private final Traffic traffic;
  private final Options options;
  private final ScheduledExecutorService timer;
  private final ServerPool.Listener listener;
  private final Standing standing;
  private volatile List<PipelinedConnection> connections = List.of();
  private volatile boolean wanted;
  private volatile boolean tried;
  private volatile @Nullable String denial;
  private int opening;
  private boolean asksAgain;
  private boolean closed;

  Lane(
      ServerAddress server,
      Traffic traffic,
      Options options,
      ScheduledExecutorService timer,
      ServerPool.Listener listener) {
    this.server = server;
    this.traffic = traffic;
    this.options = options;
    this.timer = timer;
    this.listener = listener;
    standing = new Standing(options.avoidedFirst(), options.avoidedMost());
  }

  ServerAddress server() {
    return server;
  }

  boolean isAvoided(long nowNanos) {
    return standing.isAvoided(nowNanos);
  }

  /** Opens the first connection, if nothing was wanted of this lane before. */
  void want() {
    if (!wanted) {
      synchronized (this) {
        if (wanted) {
          return;
        }
        wanted = true;
      }
      openMore();
    } else if (denial != null) {
      askAgain();
    }
  }

  boolean isWanted() {
    return wanted;
  }

  boolean isConnected() {
    return !connections.isEmpty();
  }

  /** Ends the lane, unless it has a connection; one that is being opened is let go again. */
  synchronized boolean closeIfUnconnected() {
    closed |= connections.isEmpty();
    return closed;
  }

  /** Whoever was denied says who it is once more, but no sooner than after any other failure. */
  private void askAgain() {
    synchronized (this) {
      if (asksAgain || closed || opening > 0 || !connections.isEmpty()) {
        return;
      }
      asksAgain = true;
    }
    schedule(standing.leftNanos(System.nanoTime()));
  }

  /** Why the server takes no connection of this client; null if it may yet. */
  @Nullable String denial() {
    String last = denial;
    if (last == null) {
      return null;
    }
    synchronized (this) {
      return connections.isEmpty() && opening == 0 && !asksAgain ? last : null;
    }
  }

  /** Whether it is not known yet if there is a server at all. */
  boolean isFirstOpening() {
    return !tried;
  }

  /** The connection with the least to do; null if there is none with room. */
  @Nullable PipelinedConnection idlest() {
    PipelinedConnection best = null;
    for (PipelinedConnection each : connections) {
      if (each.hasRoom() && (best == null || each.outstanding() < best.outstanding())) {
        best = each;
      }
    }
    if (best != null && best.outstanding() > traffic.sharedBelow()) {
      openMore();
    }
    return best;
  }

  /** A server that cannot serve now, as its answer says, is avoided like one that is gone. */
  void onTrouble() {
    long _ = standing.failed(System.nanoTime());
  }

  void onGood() {
    standing.good();
  }

  // Opening

  private void openMore() {
    synchronized (this) {
      boolean isAnother = !connections.isEmpty();
      if (closed
          || connections.size() + opening >= options.connectionsPerLane()
          || (isAnother && (opening > 0 || standing.isAvoided(System.nanoTime())))) {
        return;
      }
      opening++;
    }
    Thread.ofVirtual().name("gamut-client-open-" + server).start(this::open);
  }

  private void open() {
    PipelinedConnection connection;
    try {
      connection =
          PipelinedConnection.open(
              server,
              options.sockets(),
              options.greeting().get(),
              Math.clamp(options.connectLimit().toMillis(), 1, Integer.MAX_VALUE),
              options.pipelineMax(),
              this);
    } catch (IOException | RuntimeException e) {
      boolean isDenied = e instanceof GreetingRefusedException refused && refused.isDenial();
      denial = isDenied ? server + ": " + e.getMessage() : null;
      synchronized (this) {
        opening--;
        asksAgain = false;
      }
      tried = true;
      listener.onLost(server, "no connection: " + e.getMessage());
      if (isDenied) {
        long _ = standing.failed(System.nanoTime());
        listener.onDenied(traffic);
      } else {
        openAgainLater();
      }
      listener.onRoom(traffic); // who waited for this one takes another
      return;
    }
    connection.start();
    denial = null;
    synchronized (this) {
      opening--;
      asksAgain = false;
      if (!closed) {
        List<PipelinedConnection> more = new ArrayList<>(connections);
        more.add(connection);
        connections = List.copyOf(more);
      }
    }
    tried = true;
    if (closed()) {
      connection.end(new IOException("it is not wanted any more"));
      listener.onRoom(traffic); // who waited for this one takes another
      return;
    }
    listener.onOpened(server);
    listener.onRoom(traffic);
  }

  private synchronized boolean closed() {
    return closed;
  }

  private void openAgainLater() {
    schedule(standing.failed(System.nanoTime()));
  }

  private void schedule(long delayNanos) {
    try {
      var _ = timer.schedule(this::openIfNone, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The client is being closed.
    }
  }

  private void openIfNone() {
    if (connections.isEmpty()) {
      openMore();
    }
  }

  // What connections tell

  @Override
  public void onReplied(PipelinedConnection connection) {
    listener.onRoom(traffic);
  }

  @Override
  public void onClosed(PipelinedConnection connection, IOException cause) {
    synchronized (this) {
      List<PipelinedConnection> rest = new ArrayList<>(connections);
      if (!rest.remove(connection) || closed) {
        return;
      }
      connections = List.copyOf(rest);
    }
    listener.onLost(server, "a connection ended: " + cause.getMessage());
    openAgainLater();
  }

  /** Ends connections that owe replies and have sent nothing for this long. */
  void endSilent(Duration most) {
    long now = System.nanoTime();
    for (PipelinedConnection each : connections) {
      if (each.silentNanos(now) > most.toNanos()) {
        each.end(new IOException("it owed replies and was silent for " + most.toMillis() + " ms"));
      }
    }
  }

  void close() {
    List<PipelinedConnection> all;
    synchronized (this) {
      closed = true;
      all = connections;
      connections = List.of();
    }
    all.forEach(each -> each.end(new IOException("the client was closed")));
  }
}
