package io.gamut.simulator;

import io.gamut.core.NodeId;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.simulator.LedgerScenario.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The virtual world of one run of ledgers alone: links that lose, repeat, delay and reorder, clocks
 * that drift, servers that crash, pause, lose their disks, come and go.
 *
 * <p>One seed, one history: nothing here depends on anything but the scenario.
 */
final class LedgerWorld implements LedgerJudge.Disks {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SETTLE_NANOS_MAX = 60_000 * MILLI;
  private static final int LATE_MICROS_MAX = 1_000_000;
  private static final int BOUNCE_MICROS_MAX = 20_000;

  private final LedgerScenario scenario;
  private final SplittableRandom random;
  private final LedgerJudge judge = new LedgerJudge();
  private final Timeline time = new Timeline();
  private final List<LedgerServer> servers = new ArrayList<>();
  private final double[] rates;
  private final long[] wakeAt;
  private final long[] pausedUntil;
  private final Links links;
  private final boolean[] isBouncing;
  private long requests;
  private boolean calm;

  LedgerWorld(LedgerScenario scenario) {
    this.scenario = scenario;
    random = new SplittableRandom(scenario.seed() ^ 0x2545F4914F6CDD1DL);
    rates = new double[scenario.servers()];
    wakeAt = new long[scenario.servers()];
    pausedUntil = new long[scenario.servers()];
    links = new Links(scenario.servers());
    isBouncing = new boolean[scenario.servers()];
  }

  /** Runs the scenario to its end; throws {@link Violation} when an invariant does not hold. */
  void run() {
    Configuration voters = Configuration.NOBODY;
    for (int i = 0; i < scenario.voters(); i++) {
      voters = voters.withVoter(new Participant(new NodeId(i), 1));
    }
    judge.onBootstrapped(voters);
    for (int i = 0; i < scenario.servers(); i++) {
      int drift = scenario.driftPercentMax();
      rates[i] = 1 + (drift == 0 ? 0 : random.nextInt(-drift, drift + 1)) / 100.0;
      Configuration known = i < scenario.voters() ? voters : Configuration.NOBODY;
      NodeId node = new NodeId(i);
      servers.add(
          new LedgerServer(this, judge, random.split(), node, known, scenario.batchBytes()));
    }
    servers.forEach(LedgerServer::start);
    long last = 0;
    for (LedgerScenario.Timed timed : scenario.actions()) {
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

  /** A server's own monotonic clock. */
  long nanosAt(LedgerServer server) {
    return (long) (time.nanos() * rates[server.node.value()]);
  }

  // The end: all faults end, and everything must come together

  private void settle() {
    note("all faults end");
    calm = true;
    Arrays.fill(pausedUntil, 0);
    links.healAll();
    for (LedgerServer server : servers) {
      server.spare();
      startIfDown(server);
    }
    long limit = time.nanos() + SETTLE_NANOS_MAX;
    while (!isSettled()) {
      if (!configurations().stream().allMatch(each -> canDoWithout(null, each))) {
        // A change was under way while a disk was lost: nobody could have known.
        return;
      }
      if (time.nanos() > limit) {
        throw new Violation("after heal there is a leader, and all have everything", describe());
      }
      LedgerServer leader = leader();
      if (leader != null) {
        propose(leader);
      }
      time.runUntil(time.nanos() + 200 * MILLI);
    }
  }

  private @Nullable LedgerServer leader() {
    for (LedgerServer server : servers) {
      if (server.isUp() && server.core().isLeader()) {
        return server;
      }
    }
    return null;
  }

  /** A leader has committed something in its own term, and all that take part have applied it. */
  private boolean isSettled() {
    LedgerServer leader = leader();
    long committed = judge.committedIndex();
    if (leader == null
        || committed == 0
        || judge.committed(committed).term() != leader.core().term()) {
      return false;
    }
    Configuration configuration = leader.core().configuration();
    return servers.stream()
        .filter(server -> configuration.contains(server.id()))
        .allMatch(server -> server.appliedIndex() >= committed - 1);
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (LedgerServer server : servers) {
      text.append(server.id());
      if (server.isUp()) {
        text.append(": term ").append(server.core().term());
        text.append(server.core().isLeader() ? ", leads" : ", follows " + server.core().leader());
        text.append(", committed ").append(server.core().commitIndex());
        text.append(" of ").append(server.core().lastIndex());
        text.append(", knows ").append(server.core().configuration());
      }
      text.append("; ");
    }
    return text.toString();
  }

  // Actions

  private void act(Action action) {
    if (!(action instanceof Action.Propose) && !(action instanceof Action.Read)) {
      note(action.toString());
    }
    switch (action) {
      case Action.Propose(int server, boolean atLeader) ->
          propose(atLeader ? leaderKnownTo(servers.get(server)) : servers.get(server));
      case Action.Read(int server) -> read(servers.get(server));
      case Action.Crash(int server, int afterEffects) -> {
        if (servers.get(server).isUp()) {
          servers.get(server).crashAfter(afterEffects);
        }
      }
      case Action.Bounce(int server, int afterEffects) -> {
        if (servers.get(server).isUp()) {
          isBouncing[server] = true;
          servers.get(server).crashAfter(afterEffects);
        }
      }
      case Action.Restart(int server) -> startIfDown(servers.get(server));
      case Action.Wipe(int server) -> wipe(servers.get(server));
      case Action.Cut(int from, int to, boolean isOneWay) -> {
        links.cutOneWay(from, to);
        if (!isOneWay) {
          links.cutOneWay(to, from);
        }
      }
      case Action.Isolate(int server) -> links.isolate(server);
      case Action.HealAll() -> links.healAll();
      case Action.Pause(int server, long micros) ->
          pausedUntil[server] = time.nanos() + micros * MICRO;
      case Action.AddLearner(int server) ->
          change(new MemberChange.AddLearner(servers.get(server).id()));
      case Action.Promote(int server) -> change(new MemberChange.Promote(servers.get(server).id()));
      case Action.Remove(int server) -> remove(servers.get(server));
      case Action.HandOver(int server) -> {
        LedgerServer leader = leader();
        if (leader != null) {
          run(leader, new LedgerInput.HandOver(servers.get(server).id()));
        }
      }
      case Action.Checkpoint(int server) -> servers.get(server).checkpoint();
      case Action.Compact(int server) -> servers.get(server).compact();
      case Action.Supply(int from, int to) -> {
        LedgerServer receiver = servers.get(to);
        run(servers.get(from), new LedgerInput.Supply(receiver.id(), receiver.appliedIndex()));
      }
    }
  }

  private LedgerServer leaderKnownTo(LedgerServer server) {
    Participant leader = server.isUp() ? server.core().leader() : null;
    LedgerServer known = leader == null ? null : holder(leader);
    return known == null ? server : known;
  }

  private @Nullable LedgerServer holder(Participant participant) {
    LedgerServer server = servers.get(participant.node().value());
    return server.id().equals(participant) ? server : null;
  }

  private void propose(LedgerServer server) {
    byte[] bytes = new byte[8 + random.nextInt(40)];
    random.nextBytes(bytes);
    Entry.Command command = new Entry.Command(bytes);
    judge.onProposed(++requests, command);
    run(server, new LedgerInput.Propose(requests, command));
  }

  private void read(LedgerServer server) {
    judge.onReadAsked(++requests);
    run(server, new LedgerInput.Read(requests));
  }

  private void change(MemberChange change) {
    LedgerServer leader = leader();
    if (leader != null) {
      run(leader, new LedgerInput.Change(++requests, change));
    }
  }

  /** An older participant of a server goes first: its disk is gone. */
  private void remove(LedgerServer server) {
    LedgerServer leader = leader();
    if (leader != null) {
      Participant removed = server.id();
      for (Participant each : leader.core().configuration().everyone()) {
        if (each.node().equals(server.node) && !each.equals(server.id())) {
          removed = each;
        }
      }
      change(new MemberChange.Remove(removed));
    }
  }

  /** Of each configuration that may be in force a majority must keep its disks. */
  private void wipe(LedgerServer wiped) {
    List<Configuration> inForce = new ArrayList<>(judge.configurations());
    inForce.addAll(configurations());
    if (inForce.stream().allMatch(configuration -> canDoWithout(wiped.id(), configuration))) {
      wiped.wipe();
      wiped.start();
    }
  }

  private boolean canDoWithout(@Nullable Participant lost, Configuration configuration) {
    List<Participant> left =
        configuration.voters().stream()
            .filter(each -> holder(each) != null && !each.equals(lost))
            .toList();
    return configuration.voters().isEmpty() || configuration.isMajority(left);
  }

  @Override
  public List<Configuration> configurations() {
    return servers.stream().map(LedgerServer::configuration).toList();
  }

  // Servers

  /** Runs a step now, or when the server's pause is over. */
  private void run(LedgerServer server, LedgerInput input) {
    whenAwake(server, () -> server.step(input));
  }

  private void whenAwake(LedgerServer server, Runnable action) {
    long until = pausedUntil[server.node.value()];
    int life = server.life();
    if (time.nanos() >= until) {
      action.run();
    } else {
      time.schedule(
          until - time.nanos() + random.nextInt(1_000),
          () -> {
            if (server.life() == life) {
              whenAwake(server, action);
            }
          });
    }
  }

  private void inSameLife(LedgerServer server, long inNanos, Runnable action) {
    int life = server.life();
    time.schedule(
        inNanos,
        () ->
            whenAwake(
                server,
                () -> {
                  if (server.life() == life && server.isUp()) {
                    action.run();
                  }
                }));
  }

  void scheduleSync(LedgerServer server, int records) {
    long takes = (1 + random.nextInt(scenario.syncMicrosMax())) * MICRO;
    inSameLife(server, takes, () -> server.onSynced(records));
  }

  void scheduleFlush(LedgerServer server) {
    inSameLife(server, random.nextInt(scenario.turnMicrosMax()) * MICRO, server::flush);
  }

  void scheduleWake(LedgerServer server) {
    int node = server.node.value();
    long own = server.core().wakeAtNanos(nanosAt(server));
    long turn = scenario.turnMicrosMax() * MICRO;
    long at = Math.max((long) (own / rates[node]) + MICRO, time.nanos() + turn);
    if (wakeAt[node] > time.nanos() && wakeAt[node] <= at) {
      return;
    }
    wakeAt[node] = at;
    inSameLife(
        server,
        at - time.nanos(),
        () -> {
          if (wakeAt[node] == at) {
            wakeAt[node] = 0;
            server.step(LedgerInput.Tick.TICK);
          }
        });
  }

  void onDown(LedgerServer server) {
    note("participant " + server.id() + " dies");
    int node = server.node.value();
    wakeAt[node] = 0;
    if (isBouncing[node]) {
      isBouncing[node] = false;
      time.schedule(random.nextInt(BOUNCE_MICROS_MAX) * MICRO, () -> startIfDown(server));
    }
  }

  private static void startIfDown(LedgerServer server) {
    if (!server.isUp()) {
      server.start();
    }
  }

  @Override
  public boolean hasDurably(Participant participant, Entry entry) {
    return servers.get(participant.node().value()).hasDurably(participant, entry);
  }

  // The network

  void send(LedgerServer from, Participant to, LedgerMessage message) {
    if (!calm && random.nextInt(100) < scenario.lossPercent()) {
      return;
    }
    transmit(from, to, message);
    if (!calm && random.nextInt(100) < scenario.repeatPercent()) {
      transmit(from, to, message);
    }
  }

  private void transmit(LedgerServer from, Participant to, LedgerMessage message) {
    Participant sender = from.id();
    int left = from.node.value();
    int right = to.node().value();
    if (links.isCut(left, right)) {
      return;
    }
    boolean isLate = !calm && random.nextInt(100) < scenario.latePercent();
    int micros = random.nextInt(isLate ? LATE_MICROS_MAX : scenario.latencyMicrosMax());
    time.schedule(
        (20 + micros) * MICRO,
        () -> {
          LedgerServer receiver = servers.get(right);
          if (!links.isCut(left, right) && receiver.isUp() && receiver.id().equals(to)) {
            run(receiver, new LedgerInput.Received(sender, message));
          }
        });
  }

  void sendSnapshot(LedgerServer from, Participant to) {
    AppliedPoint snapshot = from.snapshot();
    LedgerServer receiver = Objects.requireNonNull(servers.get(to.node().value()));
    if (!links.isCut(from.node.value(), to.node().value())) {
      time.schedule(
          random.nextInt(100_000) * MICRO,
          () -> {
            if (receiver.id().equals(to)) {
              whenAwake(receiver, () -> receiver.install(snapshot));
            }
          });
    }
  }
}
