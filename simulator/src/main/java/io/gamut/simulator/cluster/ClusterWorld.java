package io.gamut.simulator.cluster;

import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.simulator.Timeline;
import io.gamut.simulator.Violation;
import io.gamut.simulator.cluster.ClusterNetwork.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The virtual world of one run of a cluster: time, clocks, links, servers and clients.
 *
 * <p>One seed, one history: nothing here depends on anything but the scenario.
 */
final class ClusterWorld implements ClusterNetwork.Ends {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SETTLE_NANOS_MAX = 120_000 * MILLI;
  private static final long IDLE_MILLIS = 7_200_000;
  private static final long QUIET_NANOS = 400 * MILLI;
  private static final int BRIEF_MICROS_MAX = 30_000;

  private final ClusterScenario scenario;
  private final SplittableRandom random;
  private final Timeline time = new Timeline();
  private final ClusterJudge judge;
  private final ClusterNetwork network;
  private final List<ClusterServer> servers = new ArrayList<>();
  private final List<ClusterClient> clients = new ArrayList<>();
  private final Clocks clocks;
  private final long[] wakeAt;
  private final long[] pausedUntil;
  private final List<ArrayDeque<Runnable>> held = new ArrayList<>();
  private final TreeSet<Integer> isBrieflyDead = new TreeSet<>();
  private final Map<Long, ClusterClient> asking = new HashMap<>();
  private final Neighbours neighbours;
  private final Losses losses;
  private final Departures departures;
  private final Gateways gateways;
  final SnapshotsOnTheWay snapshots;
  private Probes probes;
  private long quietUntil;
  private long requests;

  ClusterWorld(ClusterScenario scenario) {
    this.scenario = scenario;
    random = new SplittableRandom(scenario.seed() ^ 0x2545F4914F6CDD1DL);
    int count = scenario.servers();
    network = new ClusterNetwork(scenario.network(), count, random.split(), time, this);
    neighbours = new Neighbours(this, network);
    clocks =
        new Clocks(time, count, Gateways.MAX, scenario.skewMillisMax(), scenario.isTimeBounded());
    wakeAt = new long[count];
    pausedUntil = new long[count];
    judge = new ClusterJudge(Configuration.of(ServerDisks.participant(new NodeId(0), 1)));
    losses = new Losses(this, judge, servers);
    departures = new Departures(this, servers);
    gateways = new Gateways(scenario, this, servers, network);
    snapshots = new SnapshotsOnTheWay(this, servers, network, random);
    probes = new Probes(this, servers);
  }

  /** Runs the scenario to its end; throws {@link Violation} when an invariant does not hold. */
  void run() {
    for (int i = 0; i < scenario.servers(); i++) {
      held.add(new ArrayDeque<>());
      int drift = scenario.driftPercentMax();
      double rate = 1 + (drift == 0 ? 0 : random.nextInt(-drift, drift + 1)) / 100.0;
      clocks.begin(i, rate, random.nextInt(scenario.skewMillisMax()));
      NodeId id = new NodeId(i);
      Configuration begun =
          i == 0 ? Configuration.of(ServerDisks.participant(id, 1)) : Configuration.NOBODY;
      ClusterServer server =
          new ClusterServer(this, judge, random.split(), scenario.machine(), id, begun);
      servers.add(server);
      start(server);
    }
    probes = new Probes(this, servers);
    for (int i = 0; i < scenario.clients(); i++) {
      int place = gateways.place(random.nextInt(scenario.servers()));
      clients.add(new ClusterClient(i, this, judge, place));
    }
    gateways.begin(scenario);
    long last = 0;
    for (ClusterScenario.Timed timed : scenario.actions()) {
      time.schedule(timed.micros() * MICRO, () -> act(timed.action()));
      last = timed.micros() * MICRO;
    }
    time.runUntil(last + 1);
    settle();
  }

  /** What happened last, for a report. */
  List<String> trace() {
    return time.trace();
  }

  void note(String line) {
    time.note(line);
  }

  // Time

  long trueNanos() {
    return time.nanos();
  }

  /** Whether clients write values that expire. */
  boolean areMortal() {
    return scenario.seed() % 4 == 1;
  }

  Clocks clocks() {
    return clocks;
  }

  Now now(int server) {
    return clocks.now(server);
  }

  void later(long nanos, Runnable action) {
    time.schedule(nanos, action);
  }

  /** Runs something once a server is awake, unless it has died by then. */
  void inSameLife(ClusterServer server, int micros, Runnable action) {
    int life = server.life();
    time.schedule(micros * MICRO, () -> whenAwake(server, life, action));
  }

  /** What waits for the end of a pause keeps its order. */
  private void whenAwake(ClusterServer server, int life, Runnable action) {
    int node = server.id.value();
    Runnable inSameLife =
        () -> {
          if (server.life() == life && server.isUp()) {
            action.run();
          }
        };
    if (held.get(node).isEmpty() && time.nanos() >= pausedUntil[node]) {
      inSameLife.run();
    } else {
      held.get(node).add(inSameLife);
      time.schedule(pausedUntil[node] - time.nanos(), () -> awake(node));
    }
  }

  private void awake(int node) {
    ArrayDeque<Runnable> waiting = held.get(node);
    while (!waiting.isEmpty() && time.nanos() >= pausedUntil[node]) {
      waiting.remove().run();
    }
    if (!waiting.isEmpty()) {
      time.schedule(pausedUntil[node] - time.nanos(), () -> awake(node));
    }
  }

  void run(ClusterServer server, Runnable action) {
    whenAwake(server, server.life(), action);
  }

  void scheduleWake(ClusterServer server, long ownNanos) {
    int node = server.id.value();
    long turn = scenario.machine().turnMicrosMax() * MICRO;
    long at = Math.max(clocks.trueNanos(node, ownNanos) + MICRO, time.nanos() + turn);
    if (wakeAt[node] > time.nanos() && wakeAt[node] <= at) {
      return;
    }
    wakeAt[node] = at;
    int life = server.life();
    time.schedule(
        at - time.nanos(),
        () ->
            whenAwake(
                server,
                life,
                () -> {
                  if (wakeAt[node] == at) {
                    wakeAt[node] = 0;
                    server.tick();
                  }
                }));
  }

  // The end: all faults end, and everything must come together

  private void settle() {
    note("all faults end");
    network.calmDown();
    gateways.calmDown();
    for (ClusterServer server : servers) {
      clocks.set(server.id.value(), 0);
      server.spare();
      startIfDown(server);
    }
    refreshLinks();
    int poisoned = clocks.poisoned();
    if (poisoned >= 0) {
      until(
          "one bad clock is refused, and hinders nobody else",
          () -> probes.missing(server -> server.id.value() != poisoned));
      note("the clock is right again");
      clocks.poison(poisoned, 0);
      refreshLinks();
    }
    Settling settling = new Settling(judge, servers, clients);
    if (judge.heldBackMillis() != 0) {
      note("the time has come for what was stamped too far ahead");
      clocks.pass(judge.heldBackMillis());
    }
    String one = "after heal and silence all is one";
    String served = "gateways serve in the end";
    until(served, gateways::missing);
    until(one, settling::missing);
    boolean isIdle = random.nextInt(4) == 0;
    if (isIdle) {
      clocks.pass(IDLE_MILLIS);
      gateways.forgetServed();
      until(served, gateways::missing);
    }
    if (isIdle || scenario.isAskedInTheEnd()) {
      probes = new Probes(this, servers);
      until("when all is right all are served", () -> probes.missing(_ -> true));
      until(one, settling::missing);
    }
    if (losses.isMajorityLeft()) {
      settling.requireOne();
    }
  }

  /** Runs until nothing is missing, unless it never will be for a reason. */
  private void until(String invariant, Supplier<@Nullable String> missing) {
    long limit = time.nanos() + SETTLE_NANOS_MAX;
    // Where a change was under way while a disk was lost nobody could have known.
    while (losses.isMajorityLeft() && missing.get() != null) {
      if (time.nanos() > limit) {
        throw new Violation(invariant, String.valueOf(missing.get()));
      }
      time.runUntil(time.nanos() + 50 * MILLI);
      servers.forEach(this::startIfDown);
    }
  }

  /** For a while the network is whole, and no server is paused or dies. */
  void beQuiet() {
    network.links().healAll();
    quietUntil = time.nanos() + QUIET_NANOS;
    servers.forEach(ClusterServer::spare);
    refreshLinks();
  }

  // Actions

  private void act(ClusterAction action) {
    switch (action) {
      case ClusterAction.Put put -> {
        ClusterClient client = free(put.client());
        if (client != null) {
          client.put(next(client), key(put.key()), put.level(), put.delete());
        }
      }
      case ClusterAction.Get get -> {
        ClusterClient client = free(get.client());
        if (client != null) {
          Key key = random.nextInt(6) == 0 ? Key.of("number-" + key(get.key())) : key(get.key());
          client.get(next(client), key, get.level(), get.boundMicros() * MICRO);
        }
      }
      case ClusterAction.Execute execute -> {
        ClusterClient client = free(execute.client());
        if (client != null) {
          Key other = key((execute.key() + 1) % ClusterScenario.KEYS);
          client.execute(next(client), key(execute.key()), other, execute.kind());
        }
      }
      default -> {
        if (time.nanos() >= quietUntil) {
          note(action.toString());
          fault(action);
          refreshLinks();
        }
      }
    }
  }

  private void fault(ClusterAction action) {
    switch (action) {
      case ClusterAction.Move(int client, int server) ->
          clients.get(client).moveTo(gateways.place(server));
      case ClusterAction.Crash crash -> {
        ClusterServer server = servers.get(crash.server());
        if (server.isUp()) {
          if (crash.isBrief()) {
            isBrieflyDead.add(crash.server());
          }
          server.crashAfter(crash.afterEffects(), crash.power());
        }
      }
      case ClusterAction.Restart(int server) -> startIfDown(servers.get(server));
      case ClusterAction.Cut(int from, int to, boolean isOneWay) -> {
        network.links().cutOneWay(from, to);
        if (!isOneWay) {
          network.links().cutOneWay(to, from);
        }
      }
      case ClusterAction.Isolate(int server) -> network.links().isolate(server);
      case ClusterAction.HealAll() -> network.links().healAll();
      case ClusterAction.Pause(int server, int micros) ->
          pausedUntil[server] = Math.max(pausedUntil[server], time.nanos() + micros * MICRO);
      case ClusterAction.SetClock(int server, int ahead) -> clocks.set(server, ahead);
      case ClusterAction.Poison(int server, long millis) -> clocks.poison(server, millis);
      case ClusterAction.Checkpoint(int server) ->
          run(servers.get(server), servers.get(server)::checkpoint);
      case ClusterAction.HandOver(int server) ->
          run(servers.get(server), () -> servers.get(server).step(StrongInput.HandOver.HAND_OVER));
      case ClusterAction.CopyDisk(int server) -> losses.copy(servers.get(server));
      case ClusterAction.SetBack(int server) -> losses.setBack(servers.get(server));
      case ClusterAction.Wipe(int server) -> losses.wipe(servers.get(server));
      case ClusterAction.Remove remove -> losses.remove(remove);
      case ClusterAction.Leave leave -> departures.begin(leave);
      case ClusterAction.Put _, ClusterAction.Get _, ClusterAction.Execute _ ->
          throw new IllegalStateException();
    }
  }

  // Servers

  ClusterServer server(int node) {
    return servers.get(node);
  }

  void startIfDown(ClusterServer server) {
    if (!server.isUp()) {
      start(server);
    }
  }

  void start(ClusterServer server) {
    note("server " + server.self() + " starts");
    server.start(membersFor(server));
    refreshLinks();
  }

  /** A server with an empty disk joins by a member's address and hears of the others. */
  private MemberTable membersFor(ClusterServer joining) {
    MemberTable known = MemberTable.EMPTY;
    for (ClusterServer server : servers) {
      if (!joining.knowsMembers() && server != joining && server.isUp()) {
        known = known.merge(server.replica().weak().members().members());
      }
    }
    return known;
  }

  @Override
  public boolean isUp(int server) {
    return server < servers.size() && servers.get(server).isUp();
  }

  void onCrash(ClusterServer server) {
    int node = server.id.value();
    note("server " + server.self() + " dies");
    departures.onCrash(node);
    wakeAt[node] = 0;
    onGone(node);
    if (isBrieflyDead.remove(node)) {
      time.schedule(random.nextInt(BRIEF_MICROS_MAX) * MICRO, () -> startIfDown(server));
    }
    refreshLinks();
  }

  // Clients

  /** A server or gateway has died. */
  void onGone(int node) {
    clients.stream().filter(client -> client.server == node).forEach(ClusterClient::giveUp);
  }

  private @Nullable ClusterClient free(int number) {
    ClusterClient client = clients.get(number);
    boolean isThere = isUp(client.server) || gateways.isUp(client.server);
    return !client.isWaiting() && isThere ? client : null;
  }

  private static Key key(int number) {
    return Key.of("key-" + number);
  }

  /** A request of no client. */
  long nextRequest() {
    return ++requests;
  }

  private long next(ClusterClient client) {
    asking.put(++requests, client);
    return requests;
  }

  void ask(int node, long request, Input input) {
    note("node " + node + " is asked " + input);
    if (!gateways.ask(node, request, clients.indexOf(asking.get(request)), input)) {
      run(servers.get(node), () -> servers.get(node).ask(request, input));
    }
  }

  void ask(int node, long request, StrongInput input) {
    note("node " + node + " is asked " + input);
    if (!gateways.ask(node, request, clients.indexOf(asking.get(request)), input)) {
      run(servers.get(node), () -> servers.get(node).ask(request, input));
    }
  }

  void reply(NodeId node, long request, Reply reply) {
    note("node " + node + " answers " + request + " with " + reply);
    departures.onReply(request, reply);
    judge.onAnswered(request, reply);
    probes.onReply(request, reply);
    gateways.onReply(request, reply);
    ClusterClient client = asking.remove(request);
    if (client != null) {
      client.onReply(request, reply);
    }
    boolean isWrong =
        reply instanceof Reply.Failed(ErrorCode code, String _) && code == ErrorCode.ERR;
    if (isWrong && !losses.isAnswered(request)) {
      throw new Violation("nothing wrong was asked", reply.toString());
    }
  }

  /** Whether a server's disk has not been given up. */
  boolean isMember(NodeId node) {
    return !judge.reference().machine().isGone(servers.get(node.value()).self());
  }

  // The network

  List<NodeId> others(ClusterServer server) {
    return servers.stream().map(each -> each.id).filter(id -> !id.equals(server.id)).toList();
  }

  void send(ClusterServer from, NodeId to, PeerMessage.Envelope envelope) {
    deliver(from, to, Channel.WEAK, server -> server.step(new Input.Received(from.id, envelope)));
  }

  void send(ClusterServer from, NodeId to, LedgerMessage.Envelope envelope) {
    deliver(
        from,
        to,
        Channel.LEDGER,
        server -> server.step(new StrongInput.FromLedger(from.id, envelope)));
  }

  void send(ClusterServer from, NodeId to, StrongMessage message) {
    if (to.isGateway()) {
      gateways.tell(from, to, message);
      return;
    }
    deliver(
        from,
        to,
        Channel.FORWARD,
        server -> server.step(new StrongInput.FromReplica(from.id, message)));
  }

  private void deliver(
      ClusterServer from, NodeId to, Channel channel, Consumer<ClusterServer> arrival) {
    int right = to.value();
    if (right < servers.size()) {
      ClusterServer receiver = servers.get(right);
      network.send(
          from.id.value(), right, channel, () -> run(receiver, () -> arrival.accept(receiver)));
    }
  }

  private void refreshLinks() {
    neighbours.refresh(servers);
    gateways.refresh();
  }
}
