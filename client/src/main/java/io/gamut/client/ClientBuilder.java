package io.gamut.client;

import io.gamut.client.connection.ServerAddress;
import io.gamut.client.connection.ServerPool;
import io.gamut.client.connection.SocketSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What a client is to be like. {@link #build} says all that is wrong at once.
 *
 * <p>For one thread at a time.
 */
public final class ClientBuilder {
  private static final Duration TIME_MAX = Duration.ofDays(1);
  private static final int DISCOVERY_MILLIS_MIN = 100;
  private static final int COUNT_MAX = 1_000_000;
  private static final int CONNECTIONS_MAX = 64;

  private List<String> servers = List.of();
  private Level level = Level.linearizable();
  // A server looks for a leader for 5 s before it gives up: longer than that.
  private Duration deadline = Duration.ofSeconds(10);
  private Duration connectLimit = Duration.ofSeconds(2);
  private Duration silenceMax = Duration.ofSeconds(15);
  private Duration closeLimit = Duration.ofSeconds(5);
  private @Nullable Duration dependencyWait;
  private Duration backoffFirst = Duration.ofMillis(10);
  private Duration backoffMost = Duration.ofSeconds(1);
  private Duration avoidedFirst = Duration.ofMillis(50);
  private Duration avoidedMost = Duration.ofSeconds(5);
  private @Nullable Duration discovery;
  private int connectionsPerLane = 4;
  private int pipelineMax = 1_024;
  private int callsMax = 10_000;
  private int attemptsMax = 5;
  private @Nullable SSLContext tls;
  private @Nullable SSLParameters tlsParameters;
  private @Nullable Supplier<Credentials> credentials;
  private ClientMetrics metrics = ClientMetrics.NONE;
  private @Nullable Executor executor;

  ClientBuilder() {}

  /** Where servers of the cluster listen: {@code host:port} or {@code [v6]:port}, at least one. */
  public ClientBuilder servers(String... addresses) {
    servers = List.of(addresses);
    return this;
  }

  /**
   * Asks a server every so often which others there are, and uses those too; off by default. The
   * named ones are where it begins, and are kept. Servers tell where they listen: leave it off
   * where clients reach them by other addresses, or should go through gateways only.
   */
  public ClientBuilder discover(Duration every) {
    discovery = every;
    return this;
  }

  /** Of calls that ask for none; linearizable by default. */
  public ClientBuilder level(Level byDefault) {
    level = byDefault;
    return this;
  }

  /** Of calls that have none; 10 s by default. */
  public ClientBuilder deadline(Duration byDefault) {
    deadline = byDefault;
    return this;
  }

  /** For each step of opening a connection; 2 s by default. */
  public ClientBuilder connectLimit(Duration limit) {
    connectLimit = limit;
    return this;
  }

  /**
   * How long a server may owe a reply and send nothing before its connection is given up; 15 s by
   * default. Less than the 5 s for which a server may look for a leader makes writes unknown that
   * would have been answered.
   */
  public ClientBuilder silenceMax(Duration limit) {
    silenceMax = limit;
    return this;
  }

  /** How long {@link GamutClient#close} waits for calls under way; 5 s by default, 0 for not. */
  public ClientBuilder closeLimit(Duration limit) {
    closeLimit = limit;
    return this;
  }

  /**
   * How long a server waits for what a session depends on before it says ERR_DEP, and the client
   * asks another; the server's own by default. Requests of others on the connection wait meanwhile.
   */
  public ClientBuilder dependencyWait(Duration limit) {
    dependencyWait = limit;
    return this;
  }

  /** Between two attempts once every server was asked: 10 ms, doubling up to 1 s, by default. */
  public ClientBuilder backoff(Duration first, Duration most) {
    backoffFirst = first;
    backoffMost = most;
    return this;
  }

  /** How long a server that failed is avoided: 50 ms, doubling up to 5 s, by default. */
  public ClientBuilder avoidance(Duration first, Duration most) {
    avoidedFirst = first;
    avoidedMost = most;
    return this;
  }

  /** To one server, for weak requests and as many again for strong ones; 4 by default, 1 to 64. */
  public ClientBuilder connectionsPerLane(int most) {
    connectionsPerLane = most;
    return this;
  }

  /** Requests under way on one connection; 1,024 by default. More wait in the client. */
  public ClientBuilder pipelineMax(int most) {
    pipelineMax = most;
    return this;
  }

  /**
   * Calls under way in the client, with all that wait; 10,000 by default. One more has failed at
   * once, with {@link Fault#FULL}.
   */
  public ClientBuilder callsMax(int most) {
    callsMax = most;
    return this;
  }

  /**
   * How often one call is handed to a server, if each time it certainly changed nothing; 5 by
   * default.
   */
  public ClientBuilder attemptsMax(int most) {
    attemptsMax = most;
    return this;
  }

  /** TLS, with the server's name checked against its certificate. */
  public ClientBuilder tls(SSLContext context) {
    tls = context;
    tlsParameters = null;
    return this;
  }

  /** TLS with these parameters just as they are: they say too whether names are checked. */
  public ClientBuilder tls(SSLContext context, SSLParameters parameters) {
    tls = context;
    tlsParameters = parameters;
    return this;
  }

  /** Asked for each new connection, on a thread that may block; so passwords can change. */
  public ClientBuilder credentials(Supplier<Credentials> source) {
    credentials = source;
    return this;
  }

  public ClientBuilder metrics(ClientMetrics listener) {
    metrics = listener;
    return this;
  }

  /**
   * Where what depends on futures runs; by default each on a virtual thread of its own. {@code
   * Runnable::run} is a connection's own thread: quickest, and nothing there may block.
   */
  public ClientBuilder executor(Executor ofFutures) {
    executor = ofFutures;
    return this;
  }

  /** Opens no connection yet. Throws {@link IllegalArgumentException} that names all faults. */
  public GamutClient build() {
    List<String> faults = new ArrayList<>();
    Set<ServerAddress> addresses = addresses(faults);
    time("deadline", deadline, 1, faults);
    time("connectLimit", connectLimit, 1, faults);
    time("silenceMax", silenceMax, 1, faults);
    time("closeLimit", closeLimit, 0, faults);
    if (dependencyWait != null) {
      time("dependencyWait", dependencyWait, 0, faults);
    }
    if (discovery != null) {
      time("discover", discovery, DISCOVERY_MILLIS_MIN, faults);
    }
    span("backoff", backoffFirst, backoffMost, faults);
    span("avoidance", avoidedFirst, avoidedMost, faults);
    count("connectionsPerLane", connectionsPerLane, CONNECTIONS_MAX, faults);
    count("pipelineMax", pipelineMax, COUNT_MAX, faults);
    count("callsMax", callsMax, COUNT_MAX, faults);
    count("attemptsMax", attemptsMax, COUNT_MAX, faults);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("no client: " + String.join("; ", faults));
    }
    return new GamutClient(options(addresses));
  }

  private ClientOptions options(Set<ServerAddress> addresses) {
    ServerPool.Options pool =
        new ServerPool.Options(
            List.copyOf(addresses),
            new SocketSource(tls, tlsParameters),
            greeting(credentials, dependencyWait),
            connectLimit,
            connectionsPerLane,
            pipelineMax,
            avoidedFirst,
            avoidedMost,
            silenceMax,
            discovery);
    return new ClientOptions(
        pool,
        level,
        deadline,
        callsMax,
        attemptsMax,
        backoffFirst,
        backoffMost,
        closeLimit,
        metrics,
        executor != null ? executor : Executors.newVirtualThreadPerTaskExecutor());
  }

  private static Supplier<List<byte[][]>> greeting(
      @Nullable Supplier<Credentials> credentials, @Nullable Duration dependencyWait) {
    return () -> {
      List<byte[][]> greeting = new ArrayList<>();
      if (credentials == null) {
        greeting.add(words("HELLO", "3"));
      } else {
        Credentials who = credentials.get();
        greeting.add(words("HELLO", "3", "AUTH", who.user(), who.password()));
      }
      greeting.add(words("GAMUT", "RECEIPT", "ON"));
      if (dependencyWait != null) {
        greeting.add(words("GAMUT", "WAIT", Long.toString(dependencyWait.toMillis())));
      }
      return greeting;
    };
  }

  private static byte[][] words(String... words) {
    byte[][] encoded = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      encoded[i] = words[i].getBytes(StandardCharsets.UTF_8);
    }
    return encoded;
  }

  // Validation

  private Set<ServerAddress> addresses(List<String> faults) {
    Set<ServerAddress> parsed = new LinkedHashSet<>();
    if (servers.isEmpty()) {
      faults.add("servers: none was named");
    }
    for (String server : servers) {
      try {
        parsed.add(ServerAddress.parse(server));
      } catch (IllegalArgumentException e) {
        faults.add("servers: " + e.getMessage());
      }
    }
    return parsed;
  }

  private static void time(String name, Duration time, long leastMillis, List<String> faults) {
    if (time.compareTo(TIME_MAX) > 0 || time.compareTo(Duration.ofMillis(leastMillis)) < 0) {
      faults.add(name + ": " + leastMillis + " ms to a day, not " + time);
    }
  }

  private static void span(String name, Duration first, Duration most, List<String> faults) {
    time(name + " (first)", first, 1, faults);
    time(name + " (most)", most, 1, faults);
    if (first.compareTo(most) > 0) {
      faults.add(name + ": first " + first + " is more than most " + most);
    }
  }

  private static void count(String name, int count, int most, List<String> faults) {
    if (count < 1 || count > most) {
      faults.add(name + ": 1 to " + most + ", not " + count);
    }
  }
}
