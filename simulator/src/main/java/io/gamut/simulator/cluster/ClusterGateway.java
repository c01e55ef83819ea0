package io.gamut.simulator.cluster;

import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.gateway.Gateway;
import io.gamut.replication.gateway.GatewayEffects;
import io.gamut.replication.gateway.GatewayInput;
import io.gamut.replication.gateway.Lane;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Listed.Found;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A gateway of a simulated cluster: the real machine, run in turns as a gateway runs it. All of its
 * lives have one name: what was on its way to the one finds the other.
 */
final class ClusterGateway implements GatewayEffects {
  private static final int TURN_MICROS_MAX = 500;
  private static final long MICRO = 1_000;

  final int number;
  final int node;
  final NodeId id;
  private final Gateways all;
  private final ClusterWorld world;
  private final SplittableRandom random;
  private @Nullable Gateway machine;
  private final Map<Integer, Lane> lanes = new HashMap<>();
  private final TreeSet<Long> asked = new TreeSet<>();

  /** The lives of the servers that can be reached, as far as it was told. */
  private SortedMap<NodeId, Integer> reachable = new TreeMap<>();

  private int life;
  private int wakes;
  private boolean isTurnDue;

  /**
   * @param node its number among servers and gateways
   */
  ClusterGateway(int number, int node, Gateways all, ClusterWorld world, SplittableRandom random) {
    this.number = number;
    this.node = node;
    this.all = all;
    this.world = world;
    this.random = random;
    id = NodeId.ofGateway(number);
  }

  // Life and death

  boolean isUp() {
    return machine != null;
  }

  void start() {
    life++;
    machine = new Gateway(random::nextLong, now());
    refresh();
    scheduleTurn();
  }

  void crash() {
    life++;
    machine = null;
    lanes.clear();
    asked.clear();
    reachable.clear();
    isTurnDue = false;
  }

  private Now now() {
    return world.now(node);
  }

  /** Whether somebody waits for an answer of it, or it has one under way. */
  boolean isAsked() {
    return !asked.isEmpty() || (machine != null && machine.bytes() > 0);
  }

  // Inputs

  /**
   * A client asks.
   *
   * @param client whose lane it is
   */
  void ask(long request, int client, Input input) {
    take(request, client, Objects.requireNonNull(Question.of(input, now().nanos())));
  }

  void ask(long request, int client, StrongInput input) {
    if (input instanceof StrongInput.Execute execute) {
      asked.add(request);
      step(new GatewayInput.Execute(lane(client), execute));
    } else {
      take(request, client, Objects.requireNonNull(Question.of(input, now().nanos())));
    }
  }

  private void take(long request, int client, Question question) {
    asked.add(request);
    step(new GatewayInput.Ask(request, lane(client), question));
  }

  private Lane lane(int client) {
    return lanes.computeIfAbsent(client, _ -> new Lane());
  }

  void step(GatewayInput input) {
    if (machine != null) {
      machine.step(input, now(), this);
      scheduleTurn();
    }
  }

  /** Hears which servers can be reached; one that was started again was lost in between. */
  void refresh() {
    SortedMap<NodeId, Integer> found = all.reachableFrom(this);
    if (machine == null || found.equals(reachable)) {
      return;
    }
    SortedMap<NodeId, Integer> same = new TreeMap<>(reachable);
    same.entrySet().retainAll(found.entrySet());
    boolean isAnyLost = same.size() < reachable.size();
    boolean isAnyFound = same.size() < found.size();
    reachable = found;
    if (isAnyLost) {
      step(new GatewayInput.Reachable(same.keySet()));
    }
    if (isAnyFound) {
      step(new GatewayInput.Reachable(found.keySet()));
    }
  }

  // Turns

  private void scheduleTurn() {
    if (!isTurnDue) {
      isTurnDue = true;
      inSameLife(random.nextInt(TURN_MICROS_MAX) * MICRO, this::endTurn);
    }
  }

  private void endTurn() {
    isTurnDue = false;
    Gateway running = Objects.requireNonNull(machine);
    Now now = now();
    running.endTurn(now, this);
    int wake = ++wakes;
    long left = Math.max(0, running.wakeAtNanos() - now.nanos());
    inSameLife(
        world.clocks().trueNanos(node, left) + MICRO,
        () -> {
          if (wake == wakes) {
            step(GatewayInput.Tick.TICK);
          }
        });
  }

  void inSameLife(long nanos, Runnable action) {
    int then = life;
    world.later(
        nanos,
        () -> {
          if (life == then) {
            action.run();
          }
        });
  }

  // Effects

  @Override
  public boolean send(NodeId to, RemoteMessage message) {
    return all.send(this, to, message);
  }

  @Override
  public void send(NodeId to, StrongMessage message) {
    all.send(this, to, message);
  }

  @Override
  public void answer(long request, Answered<Reply> answer) {
    asked.remove(request);
    world.reply(id, request, answer.reply());
  }

  @Override
  public void listed(long request, Answered<Found> answer) {
    throw new IllegalStateException("nobody has asked for pairs");
  }

  @Override
  public void membersChanged(MemberTable members) {
    // Who can be reached is known from the network.
  }
}
