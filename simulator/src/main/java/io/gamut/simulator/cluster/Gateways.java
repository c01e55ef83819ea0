package io.gamut.simulator.cluster;

import io.gamut.core.Change;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.gateway.GatewayInput;
import io.gamut.replication.remote.Answering;
import io.gamut.replication.remote.Page;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteCodec;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.Sight;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.simulator.Judge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The gateways of a simulated cluster, in two runs of three: some clients have their requests
 * answered by way of them. What befalls them is drawn apart from all else, so that seeds of runs
 * without any go on meaning what they did.
 */
final class Gateways {
  static final int MAX = 2;

  private static final long MICRO = 1_000;
  private static final int FAULTS_MAX = 16;

  /** Faults come within so many microseconds. */
  private static final int SPAN_BITS_MIN = 21;

  private static final int SPAN_BITS_MAX = 25;
  private static final int NOTICED_MICROS_MAX = 20_000;
  private static final int BRIEF_MICROS_MAX = 300_000;
  private static final int NOBODY = -1;
  private static final long PROBE_NANOS = 1_500_000_000;

  /** How far a clock is off, seconds or hours: not as far as any server's, so that none agrees. */
  private static final int[] POISONS = {-7_200_000, -9_000, 9_000, 7_200_000};

  private final ClusterWorld world;
  private final List<ClusterServer> servers;
  private final SplittableRandom random;
  private final GatewayLinks links;
  private final List<ClusterGateway> gateways = new ArrayList<>();
  private final Map<Long, Consumer<Reply>> answering = new HashMap<>();
  private final Map<Long, Probe> probes = new HashMap<>();
  private final int count;
  private boolean calm;

  /** A question at the end of a run; asked again until it is answered as it must be. */
  private record Probe(int gateway, boolean isWeak) {}

  private final Map<Probe, Boolean> served = new HashMap<>();

  Gateways(
      ClusterScenario scenario,
      ClusterWorld world,
      List<ClusterServer> servers,
      ClusterNetwork network) {
    this.world = world;
    this.servers = servers;
    random = new SplittableRandom(scenario.seed() ^ 0x71C94A3B6D2F80E5L);
    count = random.nextInt(MAX + 1);
    links = new GatewayLinks(scenario, count, random.split(), world, network);
  }

  /** Begins, and draws what befalls them. */
  void begin(ClusterScenario scenario) {
    int micros = 1 << random.nextInt(SPAN_BITS_MIN, SPAN_BITS_MAX);
    for (int number = 0; number < count; number++) {
      int node = scenario.servers() + number;
      world.clocks().begin(node, 1, random.nextInt(scenario.skewMillisMax()));
      ClusterGateway gateway = new ClusterGateway(number, node, this, world, random.split());
      gateways.add(gateway);
      gateway.start();
    }
    for (int left = count == 0 ? 0 : random.nextInt(FAULTS_MAX); left > 0; left--) {
      ClusterGateway gateway = gateways.get(random.nextInt(count));
      int server = random.nextInt(scenario.servers());
      int kind = random.nextInt(12);
      int poison = POISONS[random.nextInt(POISONS.length)];
      world.later(random.nextInt(micros) * MICRO, () -> fault(gateway, server, kind, poison));
    }
  }

  private void fault(ClusterGateway gateway, int server, int kind, int poison) {
    if (calm) {
      return;
    }
    world.note("gateway " + gateway.id + " meets " + kind + " with " + server + ", " + poison);
    switch (kind) {
      case 0, 1, 2 -> crash(gateway);
      case 3, 4 -> links.cut(gateway.number, server);
      case 5, 6 -> links.heal(gateway.number);
      case 7 -> world.clocks().set(gateway.node, poison);
      case 8 -> world.clocks().set(gateway.node, 0);
      default -> suspect(gateway, new NodeId(server));
    }
    refresh();
  }

  private void crash(ClusterGateway gateway) {
    world.note("gateway " + gateway.id + " dies");
    gateway.crash();
    world.onGone(gateway.node);
    world.later(random.nextInt(BRIEF_MICROS_MAX) * MICRO, () -> startIfDown(gateway));
  }

  private void startIfDown(ClusterGateway gateway) {
    if (!gateway.isUp()) {
      world.note("gateway " + gateway.id + " starts");
      gateway.start();
    }
  }

  /** Takes a server for silent for a while, though it may be there. */
  private void suspect(ClusterGateway gateway, NodeId server) {
    world.note("gateway " + gateway.id + " suspects " + server);
    gateway.step(new GatewayInput.Suspected(server, true));
    gateway.inSameLife(
        random.nextInt(BRIEF_MICROS_MAX) * MICRO,
        () -> gateway.step(new GatewayInput.Suspected(server, false)));
  }

  /** All faults end. */
  void calmDown() {
    calm = true;
    links.calmDown();
    for (ClusterGateway gateway : gateways) {
      world.clocks().set(gateway.node, 0);
      startIfDown(gateway);
    }
    refresh();
  }

  // Who is where

  /** Where a client asks that is sent to a server: there, or by way of a gateway. */
  int place(int server) {
    boolean isByGateway = count > 0 && random.nextBoolean();
    return isByGateway ? servers.size() + random.nextInt(count) : server;
  }

  /** The gateway of this number among servers and gateways; null if it is none. */
  private @Nullable ClusterGateway at(int node) {
    return node < servers.size() ? null : gateways.get(node - servers.size());
  }

  boolean isUp(int node) {
    ClusterGateway gateway = at(node);
    return gateway != null && gateway.isUp();
  }

  /** Has gateways notice, in a while, what has become of servers and links. */
  void refresh() {
    for (ClusterGateway gateway : gateways) {
      gateway.inSameLife(random.nextInt(NOTICED_MICROS_MAX) * MICRO, gateway::refresh);
    }
  }

  /** The servers that a gateway can reach now, with their lives. */
  SortedMap<NodeId, Integer> reachableFrom(ClusterGateway gateway) {
    TreeMap<NodeId, Integer> reachable = new TreeMap<>();
    for (ClusterServer server : servers) {
      if (server.isUp() && links.isReachable(gateway.number, server.id.value())) {
        reachable.put(server.id, server.life());
      }
    }
    return reachable;
  }

  // Clients

  /**
   * A client asks a gateway.
   *
   * @return false if there is none of this number
   */
  boolean ask(int node, long request, int client, Input input) {
    ClusterGateway gateway = at(node);
    if (gateway != null) {
      gateway.ask(request, client, input);
    }
    return gateway != null;
  }

  boolean ask(int node, long request, int client, StrongInput input) {
    ClusterGateway gateway = at(node);
    if (gateway != null) {
      gateway.ask(request, client, input);
    }
    return gateway != null;
  }

  // Messages

  boolean send(ClusterGateway from, NodeId to, RemoteMessage message) {
    RemoteMessage received = RemoteCodec.decode(RemoteCodec.encode(message));
    ClusterServer server = servers.get(to.value());
    return links.send(
        from.number,
        to.value(),
        true,
        () ->
            world.run(
                server,
                () -> {
                  Answering here =
                      new Answering(new Here(server), (_, told) -> tell(server, from.id, told));
                  switch (received) {
                    case RemoteMessage.Ask ask -> here.onAsk(from.id, ask);
                    case RemoteMessage.Hail hail -> here.onHail(from.id, hail);
                    default -> throw new IllegalStateException(received.toString());
                  }
                }));
  }

  void send(ClusterGateway from, NodeId to, StrongMessage message) {
    ClusterServer server = servers.get(to.value());
    links.send(
        from.number,
        to.value(),
        true,
        () -> world.run(server, () -> server.step(new StrongInput.FromReplica(from.id, message))));
  }

  private void tell(ClusterServer from, NodeId to, RemoteMessage message) {
    RemoteMessage received = RemoteCodec.decode(RemoteCodec.encode(message));
    deliver(from, to, new GatewayInput.Heard(from.id, received));
  }

  /** A server tells a gateway something of the ledger. */
  void tell(ClusterServer from, NodeId to, StrongMessage message) {
    deliver(from, to, new GatewayInput.HeardOfLedger(from.id, message));
  }

  private void deliver(ClusterServer from, NodeId to, GatewayInput heard) {
    for (ClusterGateway gateway : gateways) {
      if (gateway.id.equals(to)) {
        links.send(gateway.number, from.id.value(), false, () -> gateway.step(heard));
      }
    }
  }

  /** A server has answered; what a gateway had asked is told it. */
  void onReply(long request, Reply reply) {
    Consumer<Reply> answer = answering.remove(request);
    if (answer != null) {
      answer.accept(reply);
    }
    Probe probe = probes.remove(request);
    if (probe != null) {
      boolean isServed = reply instanceof Reply.Written || reply instanceof Reply.Executed;
      served.put(probe, isServed);
    }
  }

  /** The replica of a server, as what gateways ask finds it. */
  private final class Here implements Answering.Group {
    private final ClusterServer server;

    Here(ClusterServer server) {
      this.server = server;
    }

    @Override
    public boolean isAdmitted() {
      return server.replica().isAdmitted();
    }

    @Override
    public void submit(LongFunction<Input> request, Consumer<Reply> answer) {
      long number = world.nextRequest();
      answering.put(number, answer);
      server.ask(number, request.apply(number));
    }

    @Override
    public void submitStrong(LongFunction<StrongInput> request, Consumer<Reply> answer) {
      long number = world.nextRequest();
      answering.put(number, answer);
      server.ask(number, request.apply(number));
    }

    @Override
    public Page page(Question.Listing listing) {
      throw new IllegalStateException("nobody has asked for pairs");
    }

    @Override
    public void whenRoom(Runnable task) {
      task.run();
    }

    @Override
    public Standing standing() {
      return server.replica().standing(0, world.now(server.id.value()));
    }

    @Override
    public Sight sight(Key key) {
      throw new IllegalStateException("nobody has asked what is held");
    }

    @Override
    public long nanos() {
      return world.now(server.id.value()).nanos();
    }
  }

  // The end

  /** They are to be asked anew whether they serve. */
  void forgetServed() {
    served.clear();
    probes.clear();
  }

  /** What is missing so that each serves, and nothing waits there; null for nothing. */
  @Nullable String missing() {
    String missing = null;
    for (ClusterGateway gateway : gateways) {
      for (boolean isWeak : new boolean[] {true, false}) {
        Probe probe = new Probe(gateway.number, isWeak);
        if (!served.getOrDefault(probe, false)) {
          missing = gateway.id + (isWeak ? " serves no weak writes" : " serves no operations");
          ask(gateway, probe);
        }
      }
      missing = missing == null && gateway.isAsked() ? gateway.id + " is waited for" : missing;
    }
    return missing;
  }

  private void ask(ClusterGateway gateway, Probe probe) {
    if (probes.containsValue(probe)) {
      return;
    }
    long request = world.nextRequest();
    probes.put(request, probe);
    Key key = Key.of("probe-" + gateway.id);
    long deadline = world.now(gateway.node).nanos() + PROBE_NANOS;
    if (probe.isWeak) {
      VersionVector none = VersionVector.EMPTY;
      gateway.ask(
          request,
          NOBODY,
          new Input.Write(request, key, Judge.value(request), none, 0, 0, null, deadline));
    } else {
      Operation put = Operation.of(new Change.Put(key, Judge.value(request)));
      gateway.ask(
          request, NOBODY, new StrongInput.Execute(request, put, Requirement.NONE, 0, deadline));
    }
  }
}
