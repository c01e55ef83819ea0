package io.gamut.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in one simulated run of ledgers alone, all drawn from its seed beforehand.
 *
 * @param voters how many there are at first
 * @param servers how many there are, those that do not take part at first included
 * @param latePercent of the messages that are stalled somewhere, and come up to a second late
 * @param latencyMicrosMax a message takes up to this long, so later ones overtake it
 * @param syncMicrosMax a disk takes up to this long to sync
 * @param turnMicrosMax a server gathers its work for up to this long
 * @param driftPercentMax clocks run up to this much too fast or too slow
 */
record LedgerScenario(
    long seed,
    int voters,
    int servers,
    int lossPercent,
    int repeatPercent,
    int latePercent,
    int latencyMicrosMax,
    int syncMicrosMax,
    int turnMicrosMax,
    int driftPercentMax,
    int batchBytes,
    List<Timed> actions) {
  static final int SERVERS_MAX = 8;

  /** An action and when it happens, in microseconds from the start. */
  record Timed(long micros, Action action) {}

  /** What can happen in a world of ledgers; servers by number. */
  sealed interface Action {
    /** At whom a server takes for the leader, or at itself. */
    record Propose(int server, boolean atLeader) implements Action {}

    record Read(int server) implements Action {}

    /** After so many more effects; at once with 0. */
    record Crash(int server, int afterEffects) implements Action {}

    record Restart(int server) implements Action {}

    /** A crash after so many more effects, and a restart within moments. */
    record Bounce(int server, int afterEffects) implements Action {}

    /** Its disk is lost. Not if that could lose a majority. */
    record Wipe(int server) implements Action {}

    record Cut(int from, int to, boolean isOneWay) implements Action {}

    record Isolate(int server) implements Action {}

    record HealAll() implements Action {}

    /** Does nothing for a while, and hears everything afterwards. */
    record Pause(int server, long micros) implements Action {}

    record AddLearner(int server) implements Action {}

    record Promote(int server) implements Action {}

    record Remove(int server) implements Action {}

    record HandOver(int server) implements Action {}

    record Checkpoint(int server) implements Action {}

    record Compact(int server) implements Action {}

    /** One that is not asked sends what it knows to be committed. */
    record Supply(int from, int to) implements Action {}
  }

  LedgerScenario withActions(List<Timed> fewer) {
    return new LedgerScenario(
        seed,
        voters,
        servers,
        lossPercent,
        repeatPercent,
        latePercent,
        latencyMicrosMax,
        syncMicrosMax,
        turnMicrosMax,
        driftPercentMax,
        batchBytes,
        fewer);
  }

  static LedgerScenario of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int voters = random.nextInt(1, 6);
    int servers = Math.min(SERVERS_MAX, voters + random.nextInt(3));
    return new LedgerScenario(
        seed,
        voters,
        servers,
        random.nextBoolean() ? 0 : random.nextInt(30),
        random.nextBoolean() ? 0 : random.nextInt(20),
        random.nextBoolean() ? 0 : random.nextInt(10),
        1 << random.nextInt(6, 17),
        1 << random.nextInt(4, 16),
        1 << random.nextInt(1, 12),
        random.nextBoolean() ? 0 : random.nextInt(1, 20),
        1 << random.nextInt(5, 13),
        new Generator(random, servers).generate());
  }

  /** Draws the actions of a scenario; how often each kind comes at all is drawn first. */
  private static final class Generator {
    private static final int KINDS = 16;
    private static final int PAUSE_MICROS_MAX = 400_000;

    private final SplittableRandom random;
    private final int servers;
    private final int[] weights = new int[KINDS];

    Generator(SplittableRandom random, int servers) {
      this.random = random;
      this.servers = servers;
      weights[0] = 40;
      weights[1] = 30;
      for (int kind = 2; kind < KINDS; kind++) {
        weights[kind] = random.nextBoolean() ? 0 : random.nextInt(1, 8);
      }
      // What is cut or dead mostly comes back.
      weights[3] += weights[2];
      weights[6] += (weights[4] + weights[5]) / 2;
    }

    List<Timed> generate() {
      int count = 1 << random.nextInt(4, 10);
      int pauseMicrosMax = 1 << random.nextInt(8, 18);
      List<Timed> actions = new ArrayList<>(count);
      long micros = 200_000;
      for (int i = 0; i < count; i++) {
        micros += random.nextInt(pauseMicrosMax);
        actions.add(new Timed(micros, next()));
      }
      return actions;
    }

    private Action next() {
      int server = random.nextInt(servers);
      int other = random.nextInt(servers);
      return switch (Draw.weighted(weights, random)) {
        case 0 -> new Action.Propose(server, random.nextInt(4) > 0);
        case 1 -> new Action.Read(server);
        case 2 -> new Action.Crash(server, random.nextInt(12));
        case 3 -> new Action.Restart(server);
        case 4 -> new Action.Cut(server, other, random.nextInt(3) == 0);
        case 5 -> new Action.Isolate(server);
        case 6 -> new Action.HealAll();
        case 7 -> new Action.Pause(server, random.nextInt(PAUSE_MICROS_MAX));
        case 8 -> new Action.AddLearner(server);
        case 9 -> new Action.Promote(server);
        case 10 -> new Action.Remove(server);
        case 11 -> new Action.HandOver(server);
        case 12 ->
            random.nextBoolean() ? new Action.Checkpoint(server) : new Action.Compact(server);
        case 13 -> new Action.Supply(server, other);
        case 14 -> new Action.Bounce(server, random.nextInt(12));
        default -> new Action.Wipe(server);
      };
    }
  }
}
