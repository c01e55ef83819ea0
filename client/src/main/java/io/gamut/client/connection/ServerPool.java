package io.gamut.client.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The servers a client knows, and which of them a request goes to: of two taken by chance the one
 * with less to do (Mitzenmacher, "The Power of Two Choices", 2001), among those that have a
 * connection with room and have not failed lately; one that has failed if there is no other.
 *
 * <p>Safe for use by several threads; nothing here waits for the network.
 */
public final class ServerPool implements AutoCloseable {
  private static final int SILENCE_CHECKS = 4;

  /**
   * What a pool is to be like.
   *
   * @param greeting the requests that a new connection begins with; asked for each connection, on a
   *     thread that may block
   * @param connectLimit for each step of opening a connection
   * @param connectionsPerLane to one server, for one kind of traffic
   * @param pipelineMax requests under way on one connection
   * @param avoidedFirst how long a server is avoided after its first failure
   * @param avoidedMost after many
   * @param silenceMax how long a server may owe a reply and send none before it is given up
   * @param discovery how often a server is asked which others there are; null for never
   */
  public record Options(
      List<ServerAddress> servers,
      SocketSource sockets,
      Supplier<List<byte[][]>> greeting,
      Duration connectLimit,
      int connectionsPerLane,
      int pipelineMax,
      Duration avoidedFirst,
      Duration avoidedMost,
      Duration silenceMax,
      @Nullable Duration discovery) {}

  /** Called by threads of connections; must not block. */
  public interface Listener {
    /** There may be room for a request where there was none. */
    void onRoom(Traffic traffic);

    /** A server takes no connections of this client: {@link ServerPool#denial} may say so now. */
    void onDenied(Traffic traffic);

    void onOpened(ServerAddress server);

    void onLost(ServerAddress server, String reason);

    /** Other servers are known than before: those that were named, and those that were found. */
    void onKnown(List<ServerAddress> servers);
  }

  /**
   * The servers there are, and their lanes.
   *
   * @param servers those that were named, then those that were found
   */
  private record Known(Map<Traffic, List<Lane>> lanes, List<ServerAddress> servers) {
    List<Lane> lanes(Traffic traffic) {
      return lanes.getOrDefault(traffic, List.of());
    }
  }

  private final Options options;
  private final ScheduledExecutorService timer;
  private final Listener listener;
  private final @Nullable Discovery discovery;

  /** Replaced as a whole. */
  private volatile Known known = new Known(Map.of(), List.of());

  private boolean closed;

  public ServerPool(Options options, ScheduledExecutorService timer, Listener listener) {
    this.options = options;
    this.timer = timer;
    this.listener = listener;
    discovery =
        options.discovery() == null
            ? null
            : new Discovery(options, options.discovery(), this::inTurn, this::know, timer);
    become(options.servers());
    long periodNanos = Math.max(1, options.silenceMax().toNanos() / SILENCE_CHECKS);
    var _ =
        timer.scheduleWithFixedDelay(
            () ->
                known
                    .lanes()
                    .values()
                    .forEach(all -> all.forEach(lane -> lane.endSilent(options.silenceMax()))),
            periodNanos,
            periodNanos,
            TimeUnit.NANOSECONDS);
  }

  /** Those that were named, then those that were found. */
  public List<ServerAddress> servers() {
    return known.servers();
  }

  public int count() {
    return known.servers().size();
  }

  // Which servers there are

  /** By chance, those that are connected first: another may take its time to say nothing. */
  private List<ServerAddress> inTurn() {
    Set<ServerAddress> connected = new HashSet<>();
    known.lanes().values().stream()
        .flatMap(List::stream)
        .filter(Lane::isConnected)
        .forEach(lane -> connected.add(lane.server()));
    List<ServerAddress> all = new ArrayList<>(servers());
    Collections.shuffle(all);
    all.sort(Comparator.comparing(server -> !connected.contains(server)));
    return all;
  }

  /** These are all there are; others are left once no connection to them lasts. */
  private void know(List<ServerAddress> told) {
    List<ServerAddress> before = servers();
    synchronized (this) {
      if (closed) {
        return;
      }
      become(told);
    }
    if (!servers().equals(before)) {
      listener.onKnown(servers());
    }
    // Who waited for one that is left now takes another, or hears that there is none.
    for (Traffic traffic : Traffic.values()) {
      listener.onRoom(traffic);
      listener.onDenied(traffic);
    }
  }

  private void become(List<ServerAddress> told) {
    Map<Traffic, List<Lane>> lanes = new EnumMap<>(Traffic.class);
    Set<ServerAddress> servers = new LinkedHashSet<>(told);
    for (Traffic traffic : Traffic.values()) {
      List<Lane> ofKind = lanes(traffic, told);
      ofKind.forEach(lane -> servers.add(lane.server()));
      lanes.put(traffic, ofKind);
    }
    known = new Known(lanes, List.copyOf(servers));
  }

  /** Those to servers that are told of, and those that are connected to others. */
  private List<Lane> lanes(Traffic traffic, List<ServerAddress> told) {
    List<Lane> before = known.lanes(traffic);
    boolean isWanted = before.stream().anyMatch(Lane::isWanted);
    List<Lane> lanes = new ArrayList<>();
    for (ServerAddress server : told) {
      lanes.add(
          before.stream()
              .filter(lane -> lane.server().equals(server))
              .findAny()
              .orElseGet(() -> new Lane(server, traffic, options, timer, listener)));
    }
    for (Lane lane : before) {
      if (!told.contains(lane.server()) && !lane.closeIfUnconnected()) {
        lanes.add(lane);
      }
    }
    if (isWanted) {
      lanes.forEach(Lane::want); // somebody may be waiting for just these
    }
    return List.copyOf(lanes);
  }

  // Which of them is asked

  /**
   * Hands a request to a server: that server, or null if none has room now, and then {@link
   * Listener#onRoom} says when to try again.
   *
   * @param preferred is taken if it is well
   * @param left is taken only if there is no other, and none is being connected to for the first
   *     time: a client that has just begun must not use up its attempts on the server that it met
   *     first
   */
  public @Nullable ServerAddress offer(
      Traffic traffic,
      Exchange exchange,
      @Nullable ServerAddress preferred,
      @Nullable ServerAddress left) {
    List<Lane> all = known.lanes(traffic);
    all.forEach(Lane::want);
    if (discovery != null) {
      discovery.begin();
    }
    while (true) {
      PipelinedConnection chosen = choose(all, preferred, left);
      if (chosen == null) {
        return null;
      }
      if (chosen.offer(exchange)) {
        return chosen.server();
      }
      if (chosen.hasRoom()) {
        return null; // its requests are few but huge
      }
    }
  }

  private static @Nullable PipelinedConnection choose(
      List<Lane> all, @Nullable ServerAddress preferred, @Nullable ServerAddress left) {
    long now = System.nanoTime();
    PipelinedConnection one = null;
    PipelinedConnection last = null;
    boolean isMoreToCome = false;
    int start = all.size() == 1 ? 0 : ThreadLocalRandom.current().nextInt(all.size());
    for (int i = 0; i < all.size(); i++) {
      Lane lane = all.get((start + i) % all.size());
      PipelinedConnection idlest = lane.idlest();
      if (idlest == null) {
        isMoreToCome |= lane.isFirstOpening();
        continue;
      }
      if (lane.server().equals(left) || lane.isAvoided(now)) {
        last = last == null || last.server().equals(left) ? idlest : last;
      } else if (lane.server().equals(preferred)) {
        return idlest;
      } else if (one == null) {
        one = idlest;
      } else if (preferred == null) {
        return idlest.outstanding() < one.outstanding() ? idlest : one;
      }
    }
    if (one != null) {
      return one;
    }
    return last != null && isMoreToCome && last.server().equals(left) ? null : last;
  }

  /** Whether a request would find room now. */
  public boolean hasRoom(Traffic traffic) {
    for (Lane lane : known.lanes(traffic)) {
      if (lane.idlest() != null) {
        return true;
      }
    }
    return false;
  }

  /** Why no server takes connections of this client; null as long as one has or may yet. */
  public @Nullable String denial(Traffic traffic) {
    String denial = null;
    for (Lane lane : known.lanes(traffic)) {
      denial = lane.denial();
      if (denial == null) {
        return null;
      }
    }
    return denial;
  }

  /** A server answered that it cannot serve now. */
  public void onTrouble(Traffic traffic, ServerAddress server) {
    lane(traffic, server).ifPresent(Lane::onTrouble);
  }

  public void onGood(Traffic traffic, ServerAddress server) {
    lane(traffic, server).ifPresent(Lane::onGood);
  }

  /** None if the server has been left since it was asked. */
  private Optional<Lane> lane(Traffic traffic, ServerAddress server) {
    return known.lanes(traffic).stream().filter(lane -> lane.server().equals(server)).findAny();
  }

  /** Ends all connections; what is under way on them is told. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    if (discovery != null) {
      discovery.close();
    }
    known.lanes().values().forEach(all -> all.forEach(Lane::close));
  }
}
