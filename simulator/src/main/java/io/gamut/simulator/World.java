package io.gamut.simulator;

import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.Replica;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The virtual world of one run: time that jumps from event to event, links, servers and clients.
 *
 * <p>One seed, one history: nothing here depends on anything but the scenario.
 */
final class World {
  private static final long MICRO = 1_000;
  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final long SETTLE_NANOS_MAX = 120_000_000_000L;

  private final Scenario scenario;
  private final SplittableRandom random;
  private final Judge judge = new Judge();
  private final Timeline time = new Timeline();
  private final List<SimulatedServer> servers = new ArrayList<>();
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final long[] skewMillis = new long[Scenario.SERVERS_MAX];
  private final long[] wakeAt = new long[Scenario.SERVERS_MAX];
  private final Links links = new Links(Scenario.SERVERS_MAX);
  private final boolean[][] linked = new boolean[Scenario.SERVERS_MAX][Scenario.SERVERS_MAX];
  private final Map<Long, SimulatedClient> asking = new HashMap<>();
  private final Map<Long, Action.Leave> leaving = new HashMap<>();
  private long requests;
  private boolean calm;

  World(Scenario scenario) {
    this.scenario = scenario;
    this.random = new SplittableRandom(scenario.seed() ^ 0x5DEECE66DL);
  }

  /** Runs the scenario to its end; throws {@link Violation} when an invariant does not hold. */
  void run() {
    for (int i = 0; i < skewMillis.length; i++) {
      skewMillis[i] = random.nextLong(scenario.skewMillisMax());
    }
    for (int i = 0; i < scenario.servers(); i++) {
      join(i);
    }
    for (int i = 0; i < scenario.clients(); i++) {
      boolean stamps = random.nextBoolean();
      Origin stamper = stamps ? new Origin(random.nextLong(), random.nextLong()) : null;
      int node = random.nextInt(scenario.servers());
      clients.add(new SimulatedClient(i, this, judge, node, stamper));
    }
    long last = 0;
    for (Scenario.Timed timed : scenario.actions()) {
      time.schedule(timed.micros() * MICRO - time.nanos(), () -> act(timed.action()));
      last = timed.micros() * MICRO;
    }
    time.runUntil(last + 1);
    settle();
  }

  /** What happened last, for a report. */
  List<String> trace() {
    return time.trace();
  }

  private void note(String line) {
    time.note(line);
  }

  // Time

  Now now(NodeId node) {
    return now(node.value());
  }

  Now now(int node) {
    return new Now(time.nanos(), START_MILLIS + time.nanos() / 1_000_000 + skewMillis[node]);
  }

  /** All faults end; then everything must come together, and no request may stay unanswered. */
  private void settle() {
    note("all faults end");
    calm = true;
    for (SimulatedServer server : servers) {
      server.spare();
      if (!server.isUp()) {
        restart(server);
      }
    }
    links.healAll();
    refreshLinks();
    long limit = time.nanos() + SETTLE_NANOS_MAX;
    while (!isSettled()) {
      if (time.nanos() > limit) {
        throw new Violation("after heal and silence all views are equal", describe());
      }
      time.runUntil(time.nanos() + 100_000_000);
    }
    for (SimulatedServer server : servers) {
      judge.onSettled(server.id, server.store()::lookup);
    }
  }

  /**
   * Whether all replicas hold the same, show all of it, and keep nothing that was overtaken. Where
   * a disk was lost with updates that others depend on, these stay hidden until the lost origin is
   * closed, which takes the ledger: then it is enough that all show the same.
   */
  private boolean isSettled() {
    VersionVector all = VersionVector.EMPTY;
    for (SimulatedServer server : servers) {
      if (!server.isUp()) {
        return false;
      }
      all = all.join(server.replica().received());
    }
    int pairs = servers.getFirst().store().scan(null, Integer.MAX_VALUE).size();
    VersionVector shown = judge.hasLost() ? servers.getFirst().replica().visible() : all;
    for (SimulatedServer server : servers) {
      Replica replica = server.replica();
      boolean isLean = judge.hasLost() || server.store().store().size() == pairs;
      if (!replica.received().equals(all)
          || !replica.visible().equals(shown)
          || replica.members().members().size() != servers.size()
          || !isLean) {
        return false;
      }
    }
    return clients.stream().noneMatch(SimulatedClient::isWaiting);
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (SimulatedServer server : servers) {
      text.append("server ").append(server.id);
      if (server.isUp()) {
        text.append(": received ").append(server.replica().received());
        text.append(", visible ").append(server.replica().visible());
        text.append(", stable ").append(server.replica().stable());
        text.append(", kept ").append(server.store().store().size());
        text.append(", members ").append(server.replica().members().members().size());
      }
      text.append("; ");
    }
    for (SimulatedClient client : clients) {
      text.append(client.isWaiting() ? "a client waits; " : "");
    }
    return text.toString();
  }

  // Actions

  private void act(Action action) {
    switch (action) {
      case Action.Put put -> {
        SimulatedClient client = clients.get(put.client());
        if (canAsk(client)) {
          client.put(nextRequest(client), key(put.key()), put.level(), put.delete());
        }
      }
      case Action.Get get -> {
        SimulatedClient client = clients.get(get.client());
        if (canAsk(client)) {
          client.get(nextRequest(client), key(get.key()), get.level());
        }
      }
      case Action.Move move -> {
        note(action.toString());
        if (move.node() < servers.size()) {
          clients.get(move.client()).moveTo(move.node());
        }
      }
      default -> {
        note(action.toString());
        fault(action);
      }
    }
  }

  private void fault(Action action) {
    switch (action) {
      case Action.Crash crash -> {
        SimulatedServer server = server(crash.node());
        if (server != null && server.isUp()) {
          server.crashAfter(crash.afterEffects(), crash.power());
        }
      }
      case Action.Restart restart -> {
        SimulatedServer server = server(restart.node());
        if (server != null && !server.isUp()) {
          restart(server);
        }
      }
      case Action.Cut(int left, int right) -> {
        links.cut(left, right);
        refreshLinks();
      }
      case Action.Isolate(int node) -> {
        links.isolate(node);
        refreshLinks();
      }
      case Action.HealAll _ -> {
        links.healAll();
        refreshLinks();
      }
      case Action.Checkpoint(int node) -> {
        SimulatedServer server = server(node);
        if (server != null) {
          server.checkpoint();
        }
      }
      case Action.CopyDisk(int node) -> {
        SimulatedServer server = server(node);
        if (server != null) {
          server.copyDisk();
        }
      }
      case Action.RollBack(int node) -> replaceDisk(node, true);
      case Action.Wipe(int node) -> replaceDisk(node, false);
      case Action.Join(int node) -> {
        if (node == servers.size()) {
          join(node);
        }
      }
      case Action.Leave leave -> leave(leave);
      case Action.Put _, Action.Get _, Action.Move _ -> throw new IllegalStateException();
    }
  }

  private @Nullable SimulatedServer server(int node) {
    return node < servers.size() ? servers.get(node) : null;
  }

  /** Unless nobody would stay that has all its life been a member. */
  private void leave(Action.Leave leave) {
    SimulatedServer server = server(leave.node());
    if (server == null || !server.isUp() || isGoing(server) || !somebodyStays(server)) {
      return;
    }
    leaving.put(++requests, leave);
    server.step(new Input.Leave(requests));
  }

  private boolean isGoing(SimulatedServer server) {
    return server.hasReplacedDisk()
        || leaving.values().stream().anyMatch(leave -> leave.node() == server.id.value());
  }

  private boolean somebodyStays(SimulatedServer leaver) {
    return servers.stream().anyMatch(other -> other != leaver && other.isUp() && !isGoing(other))
        && leaver.replica().members().members().stream()
            .filter(member -> member.isActive() && !member.node().equals(leaver.id))
            .anyMatch(member -> !isGoing(servers.get(member.node().value())));
  }

  private void onLeft(Action.Leave leave) {
    SimulatedServer server = servers.get(leave.node());
    if (leave.then() == Action.Afterwards.RUNS_ON) {
      return;
    }
    if (server.isUp()) {
      server.crashAfter(0, true);
    }
    if (leave.then() == Action.Afterwards.THROWN_AWAY) {
      server.throwAway();
    }
    if (calm) {
      restart(server);
    }
  }

  private void replaceDisk(int node, boolean copy) {
    SimulatedServer server = server(node);
    if (server == null || (servers.size() > 1 && !isAnotherUp(server))) {
      return;
    }
    if (server.isUp()) {
      server.crashAfter(0, true);
    }
    if (!copy) {
      server.wipe();
    } else if (!server.rollBack()) {
      return;
    }
    restart(server);
  }

  private boolean isAnotherUp(SimulatedServer server) {
    return servers.stream().anyMatch(other -> other != server && other.isUp());
  }

  private void restart(SimulatedServer server) {
    note("server " + server.id + " starts");
    server.start(membersFor(server));
    refreshLinks();
  }

  /**
   * A server with an empty disk joins by a member's address and hears of the others; any other
   * knows what its own disk knows. One with an old copy is told as well, also of those that are
   * down: it could not know of a member that joined later, and that one alone might know of what
   * the copy lacks.
   */
  private MemberTable membersFor(SimulatedServer joining) {
    if (joining.knowsMembers()) {
      return MemberTable.EMPTY;
    }
    MemberTable known = MemberTable.EMPTY;
    for (SimulatedServer server : servers) {
      if (server != joining && server.isUp()) {
        known = known.merge(server.replica().members().members());
      } else if (server != joining && joining.hasReplacedDisk()) {
        known = known.merge(List.of(server.asMember()));
      }
    }
    return known;
  }

  private void join(int node) {
    SimulatedServer server =
        new SimulatedServer(this, judge, random.split(), new NodeId(node), scenario.pullBytesMax());
    servers.add(server);
    restart(server);
  }

  private boolean canAsk(SimulatedClient client) {
    return !client.isWaiting() && client.node < servers.size() && servers.get(client.node).isUp();
  }

  private long nextRequest(SimulatedClient client) {
    asking.put(++requests, client);
    return requests;
  }

  private static Key key(int number) {
    return Key.of("key-" + number);
  }

  // What servers and clients ask for

  void request(int node, Input input) {
    note("server " + node + " is asked " + input);
    servers.get(node).step(input);
  }

  void reply(NodeId node, long request, Reply reply) {
    note("server " + node + " answers " + request + " with " + reply);
    Action.Leave leave = leaving.remove(request);
    if (leave != null && reply instanceof Reply.Done) {
      time.schedule(2_000_000, () -> onLeft(leave));
    }
    SimulatedClient client = asking.remove(request);
    if (client != null) {
      client.onReply(request, reply);
    }
  }

  void scheduleWake(SimulatedServer server) {
    int node = server.id.value();
    long at = server.replica().wakeAtNanos(now(node));
    if (wakeAt[node] > time.nanos() && wakeAt[node] <= at) {
      return;
    }
    wakeAt[node] = at;
    int life = server.life();
    time.schedule(
        at - time.nanos(),
        () -> {
          if (server.life() == life && server.isUp() && wakeAt[node] == at) {
            wakeAt[node] = 0;
            server.step(new Input.Tick());
          }
        });
  }

  void scheduleSync(SimulatedServer server, long count) {
    int life = server.life();
    time.schedule(
        (1 + random.nextInt(scenario.syncMicrosMax())) * MICRO,
        () -> {
          if (server.life() == life && server.isUp()) {
            server.onSynced(count);
          }
        });
  }

  void onCrash(NodeId node) {
    leaving.values().removeIf(leave -> leave.node() == node.value());
    note("server " + node + " dies");
    wakeAt[node.value()] = 0;
    for (SimulatedClient client : clients) {
      if (client.node == node.value()) {
        client.giveUp();
      }
    }
    refreshLinks();
  }

  // The network

  /** Tells servers, a little later, of links that came up or went down. */
  private void refreshLinks() {
    for (int left = 0; left < servers.size(); left++) {
      for (int right = 0; right < servers.size(); right++) {
        boolean up =
            left != right
                && !links.isCut(left, right)
                && servers.get(left).isUp()
                && servers.get(right).isUp();
        if (up != linked[left][right] || (up && restarted(left, right))) {
          linked[left][right] = up;
          tellLink(servers.get(left), new NodeId(right), up);
        }
      }
    }
  }

  private final Map<Long, Integer> linkLives = new HashMap<>();

  /** Whether either end has been restarted since the link last came up. */
  private boolean restarted(int left, int right) {
    int lives = servers.get(left).life() * 10_000 + servers.get(right).life();
    Integer before = linkLives.put(left * 1_000L + right, lives);
    return before == null || before != lives;
  }

  private void tellLink(SimulatedServer server, NodeId other, boolean up) {
    int life = server.life();
    time.schedule(
        100 * MICRO,
        () -> {
          if (server.isUp() && server.life() == life) {
            server.step(up ? new Input.NeighbourUp(other) : new Input.NeighbourDown(other));
          }
        });
  }

  void send(NodeId from, NodeId to, Envelope envelope) {
    if (!calm && random.nextInt(100) < scenario.lossPercent()) {
      return;
    }
    transmit(from.value(), to.value(), envelope);
    if (!calm && random.nextInt(100) < scenario.repeatPercent()) {
      transmit(from.value(), to.value(), envelope);
    }
  }

  void broadcast(NodeId from, Envelope envelope) {
    for (SimulatedServer server : servers) {
      if (!server.id.equals(from)) {
        send(from, server.id, envelope);
      }
    }
  }

  /** A message arrives if there is a path both when it leaves and when it comes. */
  private void transmit(int from, int to, Envelope envelope) {
    if (to >= servers.size() || !isReachable(from, to)) {
      return;
    }
    time.schedule(
        (50 + random.nextInt(scenario.latencyMicrosMax())) * MICRO,
        () -> {
          if (servers.get(to).isUp() && isReachable(from, to)) {
            servers.get(to).step(new Input.Received(new NodeId(from), envelope));
          }
        });
  }

  /** Servers relay: any path will do. What was sent by a server that has died may still arrive. */
  private boolean isReachable(int from, int to) {
    return links.isReachable(
        from, to, relaying -> relaying < servers.size() && servers.get(relaying).isUp());
  }
}
