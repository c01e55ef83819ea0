package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.trial.play.Player;
import io.gamut.trial.play.Servers;
import io.gamut.trial.workload.Settings;
import io.gamut.trial.workload.Workloads;
import io.gamut.verify.check.Judge;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every workload on servers in processes of their own, one of which is killed meanwhile and comes
 * back; and every judge agrees. {@code -Dgamut.seconds=60} takes longer.
 */
final class WorkloadsOnServersTest {
  private static final int SERVERS = 3;
  private static final int SESSIONS_EACH = 2;
  private static final int SECONDS = Integer.getInteger("gamut.seconds", 5);
  private static final long SEED = Long.getLong("gamut.seed", 1);

  /** Nobody looks at the replicas here. */
  private static final Set<String> UNJUDGED =
      Set.of("convergence", "no acknowledged write is lost");

  @TempDir private Path data;
  private ServerProcesses processes;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

  private final Servers servers =
      new Servers() {
        @Override
        public int count() {
          return SERVERS;
        }

        @Override
        public GamutConnection connect(int place) throws ConnectionException {
          return processes.connect(place);
        }
      };

  @BeforeEach
  void start() throws Exception {
    processes = new ServerProcesses(data, SERVERS);
    processes.awaitEverybody();
  }

  @AfterEach
  void killAll() {
    processes.killAll();
  }

  private List<Player> players() {
    List<Player> players = new ArrayList<>();
    Player.Numbers numbers = new Player.Numbers();
    for (Workloads kind : Workloads.values()) {
      for (int i = 0; i < SESSIONS_EACH; i++) {
        Random random = new Random(SEED + players.size());
        players.add(
            new Player(
                servers,
                numbers,
                session -> kind.begin(session, "t-", Settings.DEFAULT, random),
                requests::add,
                random));
      }
    }
    return players;
  }

  @Test
  void everyPromiseIsKeptOverTheLossOfAServer() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> playing = new ArrayList<>();
      for (Player player : players()) {
        playing.add(
            threads.submit(() -> {
              player.run(() -> System.nanoTime() > end);
              return null;
            }));
      }
      int lost = processes.leader();
      ServerProcesses.await("some work is done", () -> requests.size() > 200);
      processes.kill(lost);
      processes.start(lost);
      for (Future<?> each : playing) {
        each.get();
      }
    }
    Map<String, Verdict> verdicts = Judge.DEFAULT.judge(new History(List.copyOf(requests)));
    verdicts.keySet().removeAll(UNJUDGED);
    assertThat(verdicts)
        .as("seed %d", SEED)
        .allSatisfy((_, verdict) -> assertThat(verdict).isEqualTo(new Verdict.Holds()));
    long failed = requests.stream().filter(each -> each.outcome() != Outcome.OK).count();
    System.out.println(
        "%,d requests, %,d of them refused or unknown, no promise broken"
            .formatted(requests.size(), failed));
  }
}
