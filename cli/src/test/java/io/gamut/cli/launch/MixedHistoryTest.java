package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.client.Receipt;
import io.gamut.core.Consistency;
import io.gamut.protocol.resp.RespValue;
import io.gamut.verify.check.Judge;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions at all levels work on the same keys of servers in processes of their own, while the
 * links between two sides are cut and healed, and in every other round a server is killed; what
 * they saw is judged against what each level promises. How many rounds and servers: {@code
 * -Dgamut.rounds=50 -Dgamut.servers=5}; what is random in what is asked follows from {@code
 * -Dgamut.seed}.
 */
final class MixedHistoryTest {
  private static final int ROUNDS = Integer.getInteger("gamut.rounds", 1);
  private static final int SERVERS = Integer.getInteger("gamut.servers", 3);
  private static final long SEED = Long.getLong("gamut.seed", 1);
  private static final int KEYS = 20;
  private static final int MIXED_SESSIONS = 4;
  private static final long SEARCH_BYTES_MAX = 256L << 20;

  /** How long each of calm, partition and calm again takes. */
  private static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Of one link: effects then overtake their causes on the way round it. */
  private static final int DELAY_MILLIS = 40;

  @TempDir private Path data;
  private final Random random = new Random(SEED);
  private final AtomicInteger sessionNumbers = new AtomicInteger();
  private ServerProcesses servers;

  @BeforeEach
  void start() throws Exception {
    servers = new ServerProcesses(data, SERVERS);
    servers.awaitEverybody();
  }

  @AfterEach
  void killAll() {
    servers.killAll();
  }

  @Test
  void everyLevelKeepsItsPromisesWhileTheClusterIsParted() throws Exception {
    long count = 0;
    long failed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        keys.add("r" + round + "-k" + i);
      }
      String counter = "r" + round + "-n";
      List<Request> requests = play(keys, counter, round % 2 == 1);
      keys.add(counter);
      judge(round, new History(requests, List.of(), settle(keys)));
      count += requests.size();
      failed += requests.stream().filter(each -> each.outcome() != Outcome.OK).count();
    }
    System.out.println(
        "%d rounds, %,d operations, %,d of them refused or unknown, no promise broken"
            .formatted(ROUNDS, count, failed));
  }

  // Playing

  private List<Request> play(List<String> keys, String counter, boolean hasKill) throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    List<MixedSession> sessions = sessions(keys, counter);
    List<Request> requests = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      sessions.forEach(session -> running.add(threads.submit(() -> session.run(isOver::get))));
      try {
        part(hasKill, () -> running.stream().anyMatch(Future::isDone));
      } finally {
        isOver.set(true);
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    sessions.forEach(session -> requests.addAll(session.requests()));
    return requests;
  }

  /**
   * Calm but for a slow link, then two sides, then calm again; in a hurry once a session has given
   * up.
   *
   * @param hasKill whether a server is killed while there are two sides, and comes back with its
   *     disk
   */
  private void part(boolean hasKill, BooleanSupplier isBroken) throws Exception {
    int slow = random.nextInt(SERVERS);
    int end = (slow + 1) % SERVERS;
    servers.delay(slow, end, DELAY_MILLIS);
    awaitPhase(isBroken);
    List<Integer> side = side();
    servers.link("CUT", side);
    awaitPhase(isBroken);
    if (hasKill) {
      int killed = random.nextInt(SERVERS);
      servers.kill(killed);
      awaitPhase(isBroken);
      servers.start(killed);
    }
    servers.link("HEAL", side);
    awaitPhase(isBroken);
    servers.delay(slow, end, 0);
  }

  private List<MixedSession> sessions(List<String> keys, String counter) {
    List<MixedSession> sessions = new ArrayList<>();
    for (Consistency level : Consistency.values()) {
      sessions.add(
          new MixedSession(servers, sessionNumbers, level, keys, counter, random.nextLong()));
    }
    for (int i = 0; i < MIXED_SESSIONS; i++) {
      sessions.add(
          new MixedSession(servers, sessionNumbers, null, keys, counter, random.nextLong()));
    }
    return sessions;
  }

  private static void awaitPhase(BooleanSupplier isBroken) {
    long end = System.nanoTime() + PHASE_NANOS;
    ServerProcesses.await(
        "a phase is over", () -> System.nanoTime() - end >= 0 || isBroken.getAsBoolean());
  }

  /** Less than a majority; every other time with the leader among them. */
  private List<Integer> side() {
    List<Integer> side = new ArrayList<>();
    side.add(random.nextBoolean() ? servers.leader() : random.nextInt(SERVERS));
    while (side.size() < (SERVERS - 1) / 2) {
      int next = random.nextInt(SERVERS);
      if (!side.contains(next)) {
        side.add(next);
      }
    }
    return side;
  }

  // Judging

  /** Waits until all is absorbed everywhere, and says what each server shows then. */
  private Map<Integer, Map<String, Shown>> settle(List<String> keys) {
    List<Map<Integer, Map<String, Shown>>> found = new ArrayList<>();
    ServerProcesses.await(
        "all is absorbed",
        () -> {
          Map<Integer, Map<String, Shown>> shown = new TreeMap<>();
          for (int id = 0; id < SERVERS; id++) {
            Map<String, Shown> committed = committed(id, keys);
            if (committed == null) {
              return false;
            }
            shown.put(id, committed);
          }
          found.add(shown);
          return shown.values().stream().distinct().count() == 1;
        });
    return found.getLast();
  }

  /** What a server shows, if none of it is tentative. */
  private @Nullable Map<String, Shown> committed(int id, List<String> keys) {
    Map<String, Shown> shown = new TreeMap<>();
    try (GamutConnection connection = servers.connect(id)) {
      var _ = connection.call("GAMUT", "RECEIPT", "ON");
      for (String key : keys) {
        RespValue reply = connection.call("GAMUT", "AT", "eventual", "GET", key);
        Receipt receipt = Receipt.of(reply);
        if (receipt == null || "tentative".equals(receipt.state())) {
          return null;
        }
        RespValue value = Receipt.without(reply);
        shown.put(
            key,
            new Shown(
                value instanceof RespValue.Null ? null : value.toString(), receipt.version()));
      }
      return shown;
    } catch (ConnectionException e) {
      return null;
    }
  }

  private static void judge(int round, History history) {
    Judge judge = new Judge(SEARCH_BYTES_MAX, Judge.DEFAULT.expiryToleranceNanos(), SERVERS);
    assertThat(judge.judge(history))
        .as("round %d, seed %d", round, SEED)
        .allSatisfy((_, verdict) -> assertThat(verdict).isInstanceOf(Verdict.Holds.class));
  }
}
