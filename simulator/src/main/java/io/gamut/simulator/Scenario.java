package io.gamut.simulator;

import io.gamut.core.Consistency;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in one simulated run, all drawn from its seed beforehand: so a failing run can be
 * shortened by leaving actions out.
 *
 * <p>Each scenario also draws how often each kind of fault comes at all, so that some runs are calm
 * but for one fault, and some are wild ("swarm testing", Groce et al., ISSTA 2012).
 *
 * @param servers how many there are at first
 * @param lossPercent of messages
 * @param repeatPercent of messages that come twice
 * @param latencyMicrosMax a message takes up to this long, so later ones overtake it
 * @param syncMicrosMax a disk takes up to this long to sync
 * @param pullBytesMax about how much one answer of anti-entropy brings
 * @param skewMillisMax clocks differ by up to this much
 */
record Scenario(
    long seed,
    int servers,
    int clients,
    int lossPercent,
    int repeatPercent,
    int latencyMicrosMax,
    int syncMicrosMax,
    int pullBytesMax,
    int skewMillisMax,
    List<Timed> actions) {
  static final int SERVERS_MAX = 6;
  static final int KEYS = 5;
  private static final int CLIENTS_MAX = 5;

  /** An action and when it happens, in microseconds from the start. */
  record Timed(long micros, Action action) {}

  Scenario withActions(List<Timed> fewer) {
    return new Scenario(
        seed,
        servers,
        clients,
        lossPercent,
        repeatPercent,
        latencyMicrosMax,
        syncMicrosMax,
        pullBytesMax,
        skewMillisMax,
        fewer);
  }

  static Scenario of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int servers = random.nextInt(1, SERVERS_MAX);
    int clients = random.nextInt(1, CLIENTS_MAX + 1);
    int loss = random.nextBoolean() ? 0 : random.nextInt(30);
    int repeat = random.nextBoolean() ? 0 : random.nextInt(20);
    int latency = 1 << random.nextInt(8, 18);
    int sync = 1 << random.nextInt(6, 15);
    SplittableRandom wild = new SplittableRandom(~seed);
    int skew = wild.nextInt(4) == 0 ? 900 : 200;
    Generator generator = new Generator(random, wild, servers, clients);
    int pull = 1 << random.nextInt(6, 16);
    if (wild.nextInt(8) == 0) {
      // Much is lost and fetched again in small answers: updates overtake each other.
      loss = 30 + wild.nextInt(30);
      pull = 64;
    }
    List<Timed> actions = generator.generate();
    return new Scenario(seed, servers, clients, loss, repeat, latency, sync, pull, skew, actions);
  }

  /** Draws the actions of a scenario. */
  private static final class Generator {
    private static final Consistency[] LEVELS = {
      Consistency.EVENTUAL, Consistency.SESSION, Consistency.CAUSAL, Consistency.CAUSAL
    };

    /** Each server can lose its disk, though not that often in one run that nothing is left. */
    private static final int WIPES_MAX = 4;

    private static final int SOON_MICROS_MAX = 30_000;

    /** Each may carry the server's clock half a second ahead; others do not follow for ever. */
    private static final int ROLL_BACKS_MAX = 2;

    private final SplittableRandom random;
    private final ArrayDeque<Action> following = new ArrayDeque<>();
    private final int clients;
    private final int[] weights = new int[11];
    private final int replacedDisk;
    private final boolean wipes;
    private final Disks disks;
    private int servers;
    private boolean copied;
    private int rollBacks;
    private int lost;

    /** What happens to disks in a run. */
    private enum Disks {
      ONE_IS_REPLACED,
      ANY_IS_LOST,
      SERVERS_LEAVE
    }

    Generator(SplittableRandom random, SplittableRandom wild, int servers, int clients) {
      this.random = random;
      int drawn = wild.nextInt(6);
      disks =
          drawn == 0 ? Disks.ANY_IS_LOST : drawn == 1 ? Disks.SERVERS_LEAVE : Disks.ONE_IS_REPLACED;
      this.servers = servers;
      this.clients = clients;
      replacedDisk = random.nextInt(servers);
      wipes = random.nextInt(4) == 0;
      weights[0] = 40;
      weights[1] = 40;
      weights[2] = 12;
      for (int kind = 3; kind < weights.length; kind++) {
        weights[kind] = random.nextBoolean() ? 0 : random.nextInt(1, 8);
      }
    }

    List<Timed> generate() {
      int count = 1 << random.nextInt(4, 9);
      int pauseMicrosMax = 1 << random.nextInt(8, 17);
      List<Timed> actions = new ArrayList<>(count);
      long micros = 20_000;
      for (int i = 0; i < count; i++) {
        Action soon = following.poll();
        micros += random.nextInt(soon == null ? pauseMicrosMax : SOON_MICROS_MAX);
        actions.add(new Timed(micros, soon == null ? next() : soon));
      }
      return actions;
    }

    private Action next() {
      int client = random.nextInt(clients);
      int node = random.nextInt(servers);
      int key = random.nextInt(KEYS);
      Consistency level = LEVELS[random.nextInt(LEVELS.length)];
      return switch (Draw.weighted(weights, random)) {
        case 0 -> new Action.Put(client, key, level, random.nextInt(8) == 0);
        case 1 -> new Action.Get(client, key, level);
        case 2 -> new Action.Move(client, node);
        case 3 -> new Action.Crash(node, random.nextBoolean(), random.nextInt(8));
        case 4 -> new Action.Restart(node);
        case 5 -> new Action.Cut(node, random.nextInt(servers));
        case 6 -> new Action.Isolate(node);
        case 7 -> new Action.HealAll();
        case 8 -> new Action.Checkpoint(node);
        case 9 -> disk();
        default -> join(node);
      };
    }

    private Action disk() {
      int node = random.nextInt(servers);
      return switch (disks) {
        case ONE_IS_REPLACED -> replacement();
        case ANY_IS_LOST -> lost++ < WIPES_MAX ? new Action.Wipe(node) : new Action.Restart(node);
        case SERVERS_LEAVE -> {
          Action.Afterwards[] all = Action.Afterwards.values();
          yield random.nextInt(3) == 0
              ? new Action.Restart(node)
              : new Action.Leave(node, all[random.nextInt(all.length)]);
        }
      };
    }

    /** One server a run has a disk that is not its own: with two old ones, nobody could tell. */
    private Action replacement() {
      if (wipes) {
        return new Action.Wipe(replacedDisk);
      }
      if (rollBacks >= ROLL_BACKS_MAX) {
        return new Action.Restart(replacedDisk);
      }
      if (copied && random.nextBoolean()) {
        rollBacks++;
        return new Action.RollBack(replacedDisk);
      }
      copied = true;
      if (random.nextBoolean()) {
        rollBackSoon();
      }
      return new Action.CopyDisk(replacedDisk);
    }

    /** While what the server sent last is still under way, and it writes on, from the copy. */
    private void rollBackSoon() {
      int client = random.nextInt(clients);
      Consistency level = LEVELS[random.nextInt(LEVELS.length)];
      for (int times = random.nextInt(1, 3); times > 0; times--) {
        following.add(new Action.Move(client, replacedDisk));
        following.add(new Action.Put(client, random.nextInt(KEYS), level, false));
        following.add(new Action.RollBack(replacedDisk));
        rollBacks++;
      }
      following.add(new Action.Put(client, random.nextInt(KEYS), level, false));
    }

    private Action join(int node) {
      return servers < SERVERS_MAX ? new Action.Join(servers++) : new Action.Restart(node);
    }
  }
}
