package io.gamut.simulator.cluster;

import io.gamut.core.Consistency;
import io.gamut.simulator.Draw;
import io.gamut.simulator.cluster.ClusterAction.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in one simulated run of a cluster, all drawn from its seed beforehand.
 *
 * @param driftPercentMax monotonic clocks run up to this much too fast or too slow
 * @param skewMillisMax wall clocks differ by up to this much
 */
record ClusterScenario(
    long seed,
    int servers,
    int clients,
    Network network,
    Machine machine,
    int driftPercentMax,
    int skewMillisMax,
    List<Timed> actions) {
  static final int SERVERS_MAX = 5;
  static final int KEYS = 5;

  private static final int POISONED_MIN = 3;
  private static final int RELIABLE_MICROS_MAX = 8_192;

  /** Milliseconds: seconds, an hour, a day, years. */
  private static final long[] POISONS = {5_000, 3_600_000, 86_400_000, 300_000_000_000L};

  /** An action and when it happens, in microseconds from the start. */
  record Timed(long micros, ClusterAction action) {}

  /**
   * How messages travel.
   *
   * @param latePercent of the messages that are stalled somewhere, and overtaken
   * @param relays whether servers pass on what is for others
   */
  record Network(
      int lossPercent, int repeatPercent, int latePercent, int latencyMicrosMax, boolean relays) {
    /** The same, quicker, and without losses. */
    Network reliable() {
      int latency = Math.min(latencyMicrosMax, RELIABLE_MICROS_MAX);
      return new Network(0, repeatPercent, 0, latency, relays);
    }
  }

  /**
   * What a server is.
   *
   * @param turnMicrosMax gathers its work for up to this long
   * @param pullBytes about how much one answer of anti-entropy brings
   * @param batchBytes about how much one message of the ledger carries
   * @param logBytes what the ledger's entries may take in memory
   * @param collectMillis between two looks for tombstones to collect
   * @param retainedBytes of journal whose entries are kept for those that lag behind
   */
  record Machine(
      int syncMicrosMax,
      int turnMicrosMax,
      int pullBytes,
      int batchBytes,
      int logBytes,
      int retainedBytes,
      int collectMillis) {}

  /** Whether there are always so many servers that one bad clock can be told from the others. */
  boolean isTimeBounded() {
    return servers >= POISONED_MIN
        && actions.stream().noneMatch(timed -> timed.action() instanceof ClusterAction.Leave);
  }

  /** Whether something has happened after which servers may still be, but not serve. */
  boolean isAskedInTheEnd() {
    return actions.stream()
        .map(Timed::action)
        .anyMatch(action ->
            action instanceof ClusterAction.Poison || action instanceof ClusterAction.SetBack);
  }

  ClusterScenario withActions(List<Timed> fewer) {
    return new ClusterScenario(
        seed, servers, clients, network, machine, driftPercentMax, skewMillisMax, fewer);
  }

  static ClusterScenario of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    // What has come later is drawn beside it, so that seeds go on meaning what they did.
    SplittableRandom later = new SplittableRandom(seed ^ 0x5851F42D4C957F2DL);
    int servers = random.nextInt(1, SERVERS_MAX + 1);
    int clients = random.nextInt(1, 6);
    Network network =
        new Network(
            random.nextBoolean() ? 0 : random.nextInt(25),
            random.nextBoolean() ? 0 : random.nextInt(20),
            random.nextBoolean() ? 0 : random.nextInt(8),
            1 << random.nextInt(7, 16),
            random.nextBoolean());
    Machine machine =
        new Machine(
            1 << random.nextInt(5, 15),
            1 << random.nextInt(4, 12),
            1 << random.nextInt(6, 16),
            1 << random.nextInt(7, 14),
            random.nextBoolean() ? 1 << random.nextInt(8, 14) : 1 << 20,
            random.nextBoolean() ? 0 : 1 << random.nextInt(8, 16),
            1 << later.nextInt(4, 11));
    int drift = random.nextBoolean() ? 0 : random.nextInt(1, 10);
    int skew = random.nextInt(4) == 0 ? 900 : 200;
    Generator generator = new Generator(random, later, servers, clients);
    List<Timed> actions = new ArrayList<>(generator.generate());
    if (generator.mayPoison()) {
      poison(seed, servers, actions);
    }
    if (generator.maySetBack() && setBack(seed, servers, actions)) {
      network = network.reliable();
    }
    return new ClusterScenario(seed, servers, clients, network, machine, drift, skew, actions);
  }

  /** In some runs of three servers or more one clock is far off for a while, or to the end. */
  private static void poison(long seed, int servers, List<Timed> actions) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x2127599BF4325C37L);
    if (servers < POISONED_MIN || random.nextInt(4) != 0) {
      return;
    }
    int server = random.nextInt(servers);
    long millis = POISONS[random.nextInt(POISONS.length)] * (random.nextInt(3) == 0 ? -1 : 1);
    int first = random.nextInt(actions.size());
    long from = actions.get(first).micros();
    actions.add(first, new Timed(from, new ClusterAction.Poison(server, millis)));
    if (random.nextInt(3) == 0) {
      actions.add(first + 1, new Timed(from, new ClusterAction.Crash(server, 0, false, true)));
    }
    if (random.nextBoolean()) {
      int last = random.nextInt(first, actions.size()) + 1;
      long through = actions.get(last - 1).micros();
      actions.add(last, new Timed(through, new ClusterAction.Poison(server, 0)));
    }
  }

  /** In some runs of three servers or more a disk is set back to what it was a while ago. */
  private static boolean setBack(long seed, int servers, List<Timed> actions) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x369DEA0F31A53F85L);
    if (servers < POISONED_MIN || random.nextInt(3) == 0) {
      return false;
    }
    int drawn = random.nextInt(servers);
    // With clock and disk set back, a server cannot know what it had promised.
    int server = isSlow(drawn, actions) ? (drawn + 1) % servers : drawn;
    int first = random.nextInt(actions.size());
    actions.add(first, new Timed(actions.get(first).micros(), new ClusterAction.CopyDisk(server)));
    int last = Math.min(actions.size() - 1, first + 1 + random.nextInt(30));
    actions.add(last, new Timed(actions.get(last).micros(), new ClusterAction.SetBack(server)));
    return true;
  }

  /** Whether a server's clock is set back at some time. */
  private static boolean isSlow(int server, List<Timed> actions) {
    return actions.stream()
        .anyMatch(timed ->
            timed.action() instanceof ClusterAction.Poison(int poisoned, long millis)
                && poisoned == server
                && millis < 0);
  }

  /** Draws the actions of a scenario; how often each kind comes at all is drawn first. */
  private static final class Generator {
    private static final int PAUSE_MICROS_MAX = 500_000;
    private static final int BOUND_MICROS_MAX = 300_000;
    private static final int EFFECTS_MAX = 14;
    private static final int WIPES_MAX = 3;

    /** All but the last, which comes seldom: little is left to look at after it. */
    private static final Kind[] KINDS = Arrays.copyOf(Kind.values(), Kind.values().length - 1);

    private static final Consistency[] WEAK = {
      Consistency.EVENTUAL, Consistency.SESSION, Consistency.CAUSAL, Consistency.CAUSAL
    };

    private static final Consistency[] LEVELS = {
      Consistency.EVENTUAL,
      Consistency.SESSION,
      Consistency.CAUSAL,
      Consistency.CAUSAL,
      Consistency.SEQUENTIAL,
      Consistency.BOUNDED,
      Consistency.LINEARIZABLE
    };

    private final SplittableRandom random;
    private final SplittableRandom later;
    private final int servers;
    private final int clients;
    private final int[] weights = new int[15];
    private final int disks;
    private int wiped;
    private final boolean areRemoved;
    private final boolean areCleared;

    Generator(SplittableRandom random, SplittableRandom later, int servers, int clients) {
      this.random = random;
      this.later = later;
      areRemoved = later.nextInt(3) == 0;
      areCleared = later.nextInt(3) == 0;
      this.servers = servers;
      this.clients = clients;
      weights[0] = random.nextInt(10, 40);
      weights[1] = random.nextInt(10, 40);
      weights[2] = random.nextInt(5, 30);
      weights[3] = 12;
      for (int kind = 4; kind < weights.length; kind++) {
        weights[kind] = random.nextBoolean() ? 0 : random.nextInt(1, 8);
      }
      // What is cut or dead mostly comes back.
      weights[5] += weights[4];
      weights[8] += (weights[6] + weights[7]) / 2;
      weights[11] /= 2;
      disks = random.nextInt(4);
    }

    List<Timed> generate() {
      int count = 1 << random.nextInt(4, 9);
      int pauseMicrosMax = 1 << random.nextInt(8, 17);
      List<Timed> actions = new ArrayList<>(count);
      long micros = random.nextInt(4) == 0 ? 20_000 : 1_500_000;
      for (int i = 0; i < count; i++) {
        micros += random.nextInt(pauseMicrosMax);
        actions.add(new Timed(micros, next()));
      }
      return actions;
    }

    /** Not where other disks are lost as well. */
    boolean maySetBack() {
      return disks > 1 && !areRemoved;
    }

    /** Not where all but one may leave: two cannot tell whose clock is right. */
    boolean mayPoison() {
      return disks != 1;
    }

    private ClusterAction next() {
      int client = random.nextInt(clients);
      int server = random.nextInt(servers);
      int key = random.nextInt(KEYS);
      return switch (Draw.weighted(weights, random)) {
        case 0 -> new ClusterAction.Put(client, key, any(WEAK), random.nextInt(8) == 0);
        case 1 ->
            new ClusterAction.Get(client, key, any(LEVELS), 1 + random.nextInt(BOUND_MICROS_MAX));
        case 2 -> new ClusterAction.Execute(client, key, kind());
        case 3 -> new ClusterAction.Move(client, server);
        case 4 ->
            new ClusterAction.Crash(
                server, random.nextInt(EFFECTS_MAX), random.nextBoolean(), random.nextBoolean());
        case 5 -> new ClusterAction.Restart(server);
        case 6 -> new ClusterAction.Cut(server, random.nextInt(servers), random.nextInt(3) == 0);
        case 7 -> new ClusterAction.Isolate(server);
        case 8 -> new ClusterAction.HealAll();
        case 9 -> new ClusterAction.Pause(server, random.nextInt(PAUSE_MICROS_MAX));
        case 10 -> new ClusterAction.SetClock(server, random.nextInt(Clocks.AHEAD_MILLIS_MAX));
        case 11 -> new ClusterAction.HandOver(server);
        case 12, 13 -> new ClusterAction.Checkpoint(server);
        default -> disk(server);
      };
    }

    private Kind kind() {
      Kind kind = any(KINDS);
      return areCleared && later.nextInt(12) == 0 ? Kind.CLEAR : kind;
    }

    private <T> T any(T[] all) {
      return all[random.nextInt(all.length)];
    }

    /** In one run disks are lost or servers leave, or neither. */
    private ClusterAction disk(int server) {
      return switch (disks) {
        case 0 ->
            wiped++ < WIPES_MAX
                ? new ClusterAction.Wipe(server)
                : new ClusterAction.Restart(server);
        case 1 -> new ClusterAction.Leave(server, random.nextBoolean());
        default ->
            areRemoved && wiped++ < WIPES_MAX
                ? new ClusterAction.Remove(server, later.nextInt(servers), later.nextInt(4) != 0)
                : new ClusterAction.Restart(server);
      };
    }
  }
}
