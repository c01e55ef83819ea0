package io.gamut.client.connection;

import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one of the servers every so often which others there are, as clients of Redis Cluster do
 * ({@code CLUSTER SHARDS}), on threads of its own.
 *
 * <p>A server that was named by its host and is told of by its number is one server: it goes by the
 * name that it was given, once it has been asked itself.
 */
final class Discovery {
  /** More than that are not heard of: no cluster has as many voters, and no client needs them. */
  static final int SERVERS_MAX = 64;

  private static final byte[][] SHARDS = {
    "CLUSTER".getBytes(StandardCharsets.US_ASCII), "SHARDS".getBytes(StandardCharsets.US_ASCII)
  };

  private static final Set<String> NOWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0", "");

  private final ServerPool.Options options;
  private final Duration period;
  private final Supplier<List<ServerAddress>> known;
  private final Consumer<List<ServerAddress>> then;
  private final ScheduledExecutorService timer;
  private final AtomicBoolean hasBegun = new AtomicBoolean();

  /** What the servers that were named call themselves. Of one round at a time. */
  private final Map<ServerAddress, String> ids = new HashMap<>();

  private volatile boolean closed;

  /**
   * What a server says about one.
   *
   * @param id the server's own, for ever
   * @param isAsked whether it is the one that says it
   */
  private record Told(String id, ServerAddress address, boolean isAsked) {}

  /**
   * @param known the servers that can be asked now, in the order in which they are
   * @param then is told which there are, the named ones among them; on a thread that may block
   */
  Discovery(
      ServerPool.Options options,
      Duration period,
      Supplier<List<ServerAddress>> known,
      Consumer<List<ServerAddress>> then,
      ScheduledExecutorService timer) {
    this.options = options;
    this.period = period;
    this.known = known;
    this.then = then;
    this.timer = timer;
  }

  /** Asks for the first time, if it has not. */
  void begin() {
    if (!hasBegun.get() && hasBegun.compareAndSet(false, true)) {
      start();
    }
  }

  /** Asks no more. */
  void close() {
    closed = true;
  }

  private void start() {
    Thread.ofVirtual().name("gamut-client-discovery").start(this::ask);
  }

  private void ask() {
    try {
      List<Told> told = askOne();
      if (!told.isEmpty()) {
        Set<ServerAddress> all = new LinkedHashSet<>(options.servers());
        told.stream()
            .filter(each -> !ids.containsValue(each.id))
            .forEach(each -> all.add(each.address));
        then.accept(List.copyOf(all));
      }
    } finally {
      try {
        var _ = timer.schedule(this::start, period.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The client is closed.
      }
    }
  }

  /** First those that were named and have not said yet what they call themselves. */
  private List<Told> askOne() {
    List<Told> told = List.of();
    for (ServerAddress server : options.servers()) {
      if (!ids.containsKey(server)) {
        List<Told> more = ask(server);
        told = more.isEmpty() ? told : more;
      }
    }
    List<ServerAddress> others = known.get();
    for (int i = 0; i < others.size() && told.isEmpty(); i++) {
      told = ask(others.get(i));
    }
    return told;
  }

  /** Nothing of a server that cannot answer: its lane tells of that. */
  private List<Told> ask(ServerAddress server) {
    if (closed) {
      return List.of();
    }
    try {
      int millis = Math.clamp(options.connectLimit().toMillis(), 1, Integer.MAX_VALUE);
      List<RespValue> replies = Errand.run(server, options, List.<byte[][]>of(SHARDS), millis);
      List<Told> told = read(server, replies.getFirst());
      if (options.servers().contains(server)) {
        told.stream().filter(Told::isAsked).forEach(here -> ids.put(server, here.id));
      }
      return told;
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  // The reply: shards, each with its nodes

  private static List<Told> read(ServerAddress asked, RespValue reply) {
    List<Told> told = new ArrayList<>();
    for (RespValue shard : elements(reply)) {
      for (RespValue node : elements(field(shard, "nodes"))) {
        boolean isAsked = "master".equals(text(field(node, "role")));
        ServerAddress address = isAsked ? asked : address(node);
        String id = text(field(node, "id"));
        if (address != null && id != null && told.size() < SERVERS_MAX) {
          told.add(new Told(id, address, isAsked));
        }
      }
    }
    return told;
  }

  private static @Nullable ServerAddress address(RespValue node) {
    String host = text(field(node, "endpoint"));
    if (host == null || NOWHERE.contains(host)) {
      return null;
    }
    return field(node, "port") instanceof RespValue.Whole(long port)
            && port >= 1
            && port <= ServerAddress.PORT_MAX
        ? new ServerAddress(host, (int) port)
        : null;
  }

  private static List<RespValue> elements(@Nullable RespValue value) {
    return value instanceof RespValue.Sequence(List<RespValue> elements) ? elements : List.of();
  }

  private static @Nullable RespValue field(RespValue map, String name) {
    List<RespValue> parts = elements(map);
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      if (name.equals(text(parts.get(i)))) {
        return parts.get(i + 1);
      }
    }
    return null;
  }

  private static @Nullable String text(@Nullable RespValue value) {
    return value instanceof RespValue.Text text ? text.toString() : null;
  }
}
