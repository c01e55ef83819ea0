package io.gamut.cli.lab;

import io.gamut.cli.launch.Ports;
import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.ledger.log.Configuration;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.NodeConfig;
import io.gamut.trial.cluster.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The servers of the lab, and which of the links between them are meant to be cut.
 *
 * <p>A link is cut or mended at both ends at once, and the command returns when both ends say that
 * it is in force.
 */
final class Cluster {
  private static final String HOST = "127.0.0.1";
  private static final long LINKED_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

  /** Who looks for servers waits no longer for each. */
  private static final Duration MEETING_MAX = Duration.ofSeconds(2);

  /** Several elections' time. */
  private static final long LEADER_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  private static final long ELECTION_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final @Nullable LabSettings settings;
  private final SortedMap<Integer, LabServer> servers = new ConcurrentSkipListMap<>();
  private final Set<Link> cuts = new LinkedHashSet<>();

  /**
   * @param settings null if servers are started by others
   */
  Cluster(@Nullable LabSettings settings) {
    this.settings = settings;
  }

  boolean isEmpty() {
    return servers.isEmpty();
  }

  boolean has(int id) {
    return servers.containsKey(id);
  }

  /** The server of this id, running or not. */
  LabServer server(int id) throws ScriptException {
    LabServer server = servers.get(id);
    if (server == null) {
      throw new ScriptException(
          "ERR_NOEXIST there is no server "
              + id
              + (settings == null ? " among those that were named" : ""));
    }
    return server;
  }

  LabServer runningServer(int id) throws ScriptException {
    LabServer server = server(id);
    if (!server.isRunning()) {
      throw new ScriptException("server " + id + " is not running");
    }
    return server;
  }

  /** Those that run and are not paused, by id. */
  List<LabServer> answering() {
    return servers.values().stream().filter(LabServer::isAnswering).toList();
  }

  List<LabServer> running() {
    return servers.values().stream().filter(LabServer::isRunning).toList();
  }

  /** Starts a server, new or with its disk, and links it with all others that answer. */
  void join(int id) throws ScriptException, InterruptedException {
    LabServer known = servers.get(id);
    if (known != null && known.isRunning()) {
      throw new ScriptException("server " + id + " is running already");
    }
    LabSettings own = settings;
    if (own == null) {
      throw new ScriptException(
          "servers of this cluster are started elsewhere; a lab of its own has gamut shell --lab");
    }
    Optional<LabServer> contact = answering().stream().findFirst();
    if (known == null && contact.isEmpty() && !servers.isEmpty()) {
      throw new ScriptException("no running server can let server " + id + " in");
    }
    LabServer server = known == null ? new LabServer(id, config(id, own)) : known;
    Endpoint address = contact.isPresent() ? contact.get().overlayAddress() : null;
    server.start(own.launcher(), address);
    servers.put(id, server);
    mendLinksOf(server);
    awaitLinks(server);
    awaitVote(server);
  }

  /**
   * Of servers that others have started: finds those at these addresses. Links that do not exist
   * count as cut, whoever has cut them.
   */
  void meet(List<Endpoint> addresses) {
    for (Endpoint address : addresses) {
      try (GamutConnection connection =
          GamutConnection.open(address.host(), address.port(), MEETING_MAX)) {
        int id = Status.of(connection.call("GAMUT", "STATUS")).node();
        LabServer known = servers.get(id);
        if (known == null || !known.isAt(address)) {
          servers.put(id, new LabServer(id, address));
        } else {
          known.setAway(false);
        }
      } catch (ConnectionException | InvalidDataException _) {
        servers.values().stream()
            .filter(server -> server.isAt(address))
            .forEach(server -> server.setAway(true));
      }
    }
    servers.values().removeIf(server -> addresses.stream().noneMatch(server::isAt));
    meetLinks();
  }

  private void meetLinks() {
    SortedMap<Integer, Set<Integer>> neighbours = new TreeMap<>();
    for (LabServer server : answering()) {
      try {
        neighbours.put(server.id(), status(server).neighbours());
      } catch (ScriptException _) {
        server.setAway(true);
      }
    }
    cuts.clear();
    neighbours.forEach((one, ofOne) ->
        neighbours.forEach((other, ofOther) -> {
          if (one < other && !(ofOne.contains(other) && ofOther.contains(one))) {
            cuts.add(Link.of(one, other));
          }
        }));
  }

  /**
   * Waits until it votes in the ledger, so that scripts know what a majority is: as long as
   * somebody leads, who could make it a voter, and there is room.
   */
  private void awaitVote(LabServer server) throws ScriptException, InterruptedException {
    long leaderless = System.nanoTime();
    long limit = leaderless + LEADER_NANOS_MAX;
    while (System.nanoTime() - limit < 0) {
      Status status = status(server);
      boolean isFull = status.voters().size() >= Configuration.VOTERS_MAX;
      if (status.voters().contains(server.id()) || isFull) {
        return;
      }
      long now = System.nanoTime();
      leaderless = leader().isPresent() ? now : leaderless;
      if (now - leaderless > ELECTION_NANOS) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /**
   * Ends a server in order: it leaves the cluster first, if others are there that keep its data and
   * a majority lets it go; else it just stops.
   */
  void shutDown(int id) throws ScriptException, InterruptedException {
    LabServer server = runningServer(id);
    boolean hasOthers = answering().size() > 1 && server.isAnswering();
    if (!hasOthers || !server.leave()) {
      server.stop();
    }
  }

  /** Who leads, once a server says so of itself that no other knows a later leader of. */
  OptionalInt awaitLeader() throws ScriptException, InterruptedException {
    long limit = System.nanoTime() + LEADER_NANOS_MAX;
    while (System.nanoTime() - limit < 0) {
      OptionalInt leader = leader();
      if (leader.isPresent()) {
        return leader;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return OptionalInt.empty();
  }

  private OptionalInt leader() throws ScriptException {
    int leader = Status.NOBODY;
    long term = -1;
    for (LabServer server : answering()) {
      Status status = status(server);
      boolean isLeader = status.leader() == server.id();
      if (status.term() > term || (status.term() == term && isLeader)) {
        term = status.term();
        leader = isLeader ? server.id() : Status.NOBODY;
      }
    }
    return leader == Status.NOBODY ? OptionalInt.empty() : OptionalInt.of(leader);
  }

  private static NodeConfig config(int id, LabSettings settings) throws ScriptException {
    if (id > NodeId.SERVER_MAX) {
      throw new ScriptException("a server's id is at most " + NodeId.SERVER_MAX + ", not " + id);
    }
    Path data = settings.data().resolve("server-" + id);
    int port = port(id, settings);
    return NodeConfig.of(new NodeId(id), data).toBuilder()
        .listen(new Endpoint(HOST, port + 1))
        .resp(new Endpoint(HOST, port))
        .durability(settings.durability())
        .defaultLevel(settings.defaultLevel())
        .lab(true)
        .build();
  }

  /** A server's ports are kept beside its data, since the others look for it where it was. */
  private static int port(int id, LabSettings settings) throws ScriptException {
    Path file = settings.data().resolve("server-" + id + ".port");
    try {
      if (Files.exists(file)) {
        return Integer.parseInt(Files.readString(file).strip());
      }
      int port = Ports.freePair(HOST);
      Files.createDirectories(settings.data());
      Files.writeString(file, port + "\n");
      return port;
    } catch (IOException | NumberFormatException e) {
      throw new ScriptException("no ports for server " + id + ": " + e.getMessage(), e);
    }
  }

  /** A server that comes back has all its links again, though others may hold theirs cut. */
  private void mendLinksOf(LabServer server) throws ScriptException {
    List<Link> mended = cuts.stream().filter(link -> link.touches(server.id())).toList();
    cuts.removeAll(mended);
    tellEnds(answeringEnds(mended), "HEAL");
  }

  private void awaitLinks(LabServer server) throws ScriptException, InterruptedException {
    Set<Integer> others = new TreeSet<>();
    answering().forEach(other -> others.add(other.id()));
    others.remove(server.id());
    Poll.until(
        LINKED_NANOS_MAX,
        () -> {
          if (!status(server).neighbours().containsAll(others)) {
            return false;
          }
          for (int other : others) {
            if (!status(server(other)).neighbours().contains(server.id())) {
              return false;
            }
          }
          return true;
        },
        () ->
            "server "
                + server.id()
                + " has links with "
                + status(server).neighbours()
                + " only, not with all of "
                + others);
  }

  static Status status(LabServer server) throws ScriptException {
    return status(server.ask(ScriptText.bytes("GAMUT"), ScriptText.bytes("STATUS")));
  }

  static Status status(RespValue reply) throws ScriptException {
    try {
      return Status.of(reply);
    } catch (InvalidDataException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What the servers that answer have sent for anti-entropy since they were started. */
  long antiEntropyBytes() throws ScriptException {
    long bytes = 0;
    for (LabServer server : answering()) {
      bytes += status(server).antiEntropyBytes();
    }
    return bytes;
  }

  // Links

  boolean isCut(int one, int other) {
    return cuts.contains(Link.of(one, other));
  }

  void cut(Collection<Link> links) throws ScriptException {
    requireAnswering(links);
    cuts.addAll(links);
    tellEnds(links, "CUT");
  }

  void mend(Collection<Link> links) throws ScriptException {
    requireAnswering(links);
    links.forEach(cuts::remove);
    tellEnds(links, "HEAL");
  }

  /** Mends all links between servers that answer; those of others come back when they do. */
  void mendAll() throws ScriptException {
    mend(answeringEnds(List.copyOf(cuts)));
  }

  void delay(Link link, int millis) throws ScriptException {
    requireAnswering(List.of(link));
    tellEnds(List.of(link), "DELAY", Integer.toString(millis));
  }

  private List<Link> answeringEnds(Collection<Link> links) {
    return links.stream()
        .filter(link -> isAnswering(link.low()) && isAnswering(link.high()))
        .toList();
  }

  private boolean isAnswering(int id) {
    LabServer server = servers.get(id);
    return server != null && server.isAnswering();
  }

  private void requireAnswering(Collection<Link> links) throws ScriptException {
    for (Link link : links) {
      if (link.low() == link.high()) {
        throw new ScriptException("server " + link.low() + " has no link with itself");
      }
      server(link.low());
      server(link.high());
      var _ = server(link.low()).control();
      var _ = server(link.high()).control();
    }
  }

  /** One end of a link, that of {@code server}. */
  private record End(LabServer server, int neighbour) {}

  /** Tells both ends of all links at once, then waits for all of them. */
  private void tellEnds(Collection<Link> links, String verb, String... amount)
      throws ScriptException {
    List<End> ends = new ArrayList<>();
    for (Link link : links) {
      ends.add(new End(server(link.low()), link.high()));
      ends.add(new End(server(link.high()), link.low()));
    }
    List<String> faults = new ArrayList<>();
    ends.removeIf(end -> !isSent(end, verb, amount, faults));
    ends.forEach(end -> receive(end, verb, faults));
    if (!faults.isEmpty()) {
      throw new ScriptException(String.join("; ", faults));
    }
  }

  private static boolean isSent(End end, String verb, String[] amount, List<String> faults) {
    List<String> words =
        new ArrayList<>(List.of("GAMUT", "LINK", verb, Integer.toString(end.neighbour)));
    words.addAll(List.of(amount));
    try {
      GamutConnection control = end.server.control();
      control.send(words.toArray(new String[0]));
      control.flush();
      return true;
    } catch (ConnectionException e) {
      faults.add(end.server.lost(e).getMessage());
      return false;
    } catch (ScriptException e) {
      faults.add("server " + end.server.id() + ": " + e.getMessage());
      return false;
    }
  }

  private static void receive(End end, String verb, List<String> faults) {
    try {
      if (end.server.control().receive() instanceof RespValue.Failure failure) {
        faults.add(
            "server %d, link with %d, %s: %s"
                .formatted(end.server.id(), end.neighbour, verb, failure.message()));
      }
    } catch (ConnectionException e) {
      faults.add(end.server.lost(e).getMessage());
    } catch (ScriptException e) {
      faults.add("server " + end.server.id() + ": " + e.getMessage());
    }
  }

  // The end

  /** Stops all in order, so that their disks can be used again. */
  void stopAll() throws InterruptedException {
    for (LabServer server : servers.values()) {
      if (server.isRunning()) {
        try {
          server.stop();
        } catch (ScriptException e) {
          server.killNow();
        }
      }
    }
  }

  /** Kills all; from any thread. */
  void killAll() {
    servers.values().forEach(LabServer::killNow);
  }

  /** The lowest server that answers. */
  @Nullable LabServer first() {
    return answering().stream().findFirst().orElse(null);
  }
}
