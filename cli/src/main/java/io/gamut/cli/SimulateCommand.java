package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.simulator.Simulator;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "simulate",
    description = {
      "Run simulated histories and judge each.",
      "The protocol's own code runs with a virtual clock, network and disk, through crashes,"
          + " partitions and lost disks. A seed is a history of each world that is simulated: the"
          + " same one every time. Status 1 when a promise was broken; the seed, what happened in"
          + " it, and the command that replays it are printed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut simulate --seeds 10000",
      "  gamut simulate --seeds 1000 --seed 500000   the seeds 500000 to 500999",
      "  gamut simulate --what ledger --seeds 20000  the ledger alone",
      "  gamut simulate --what weak --seed 42        replay one"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long PROGRESS_SECONDS = 1;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many. Default: 1000, or 1 with --seed.")
  private @Nullable Long seeds;

  @Option(names = "--seed", paramLabel = "S", description = "The first of them. Default: 0.")
  private @Nullable Long seed;

  @Option(
      names = "--what",
      paramLabel = "WORLD",
      defaultValue = "all",
      description = {
        "What is simulated: weak, the replicas behind the weak levels; ledger, the Raft core alone;"
            + " cluster, whole servers with both; all, each seed in each of them, in turn. Default:"
            + " ${DEFAULT-VALUE}."
      })
  private String what = "all";

  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicReference<@Nullable Found> found = new AtomicReference<>();

  /** A failure, and where it was found. */
  record Found(SimulatedWorld world, Simulator.Failure failure) {}

  @Override
  public Integer call() throws InterruptedException {
    long count = seeds != null ? seeds : seed != null ? 1 : 1_000;
    if (count < 1) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--seeds is 1 or more, not " + count);
    }
    List<SimulatedWorld> worlds = SimulatedWorld.named(what);
    if (worlds.isEmpty()) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          "--what is weak, ledger, cluster or all, not '" + what + "'");
    }
    long first = seed == null ? 0 : seed;
    long schedules = Math.multiplyExact(count, worlds.size());
    long startNanos = System.nanoTime();
    runAll(worlds, first, schedules, startNanos);
    say(progress(schedules, startNanos));
    Found broken = found.get();
    if (broken == null) {
      return 0;
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    report(broken).forEach(out::println);
    out.flush();
    return Gamut.EXIT_FAILED;
  }

  private void runAll(List<SimulatedWorld> worlds, long first, long schedules, long startNanos)
      throws InterruptedException {
    int threads = (int) Math.min(schedules, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      pool.execute(() -> runUntilFailure(worlds, first, schedules));
    }
    pool.shutdown();
    while (!pool.awaitTermination(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
      say(progress(schedules, startNanos));
    }
  }

  private void runUntilFailure(List<SimulatedWorld> worlds, long first, long schedules) {
    for (long i = begun.getAndIncrement(); i < schedules; i = begun.getAndIncrement()) {
      if (found.get() != null) {
        return;
      }
      SimulatedWorld world = worlds.get((int) (i % worlds.size()));
      Simulator.Failure failure = world.run(first + i / worlds.size());
      ended.incrementAndGet();
      if (failure != null) {
        found.compareAndSet(null, new Found(world, failure));
      }
    }
  }

  private String progress(long count, long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return String.format(
        Locale.ROOT,
        "%d of %d schedules in %.1f s, %.0f a second%s",
        ended.get(),
        count,
        seconds,
        ended.get() / Math.max(seconds, 1e-3),
        found.get() == null ? ", no violation" : ", a violation");
  }

  private static void say(String message) {
    System.err.println("gamut simulate: " + message);
  }

  /** What is printed of a failure. */
  static List<String> report(Found found) {
    Simulator.Failure failure = found.failure();
    List<String> lines = new ArrayList<>();
    String world = found.world().word();
    lines.add("seed " + failure.seed() + " of " + world + " breaks: " + failure.invariant());
    lines.add("");
    lines.add("Actions, shortened:");
    failure.actions().forEach(action -> lines.add("  " + action));
    lines.add("");
    lines.add("What happened last:");
    failure.trace().forEach(line -> lines.add("  " + line));
    lines.add("");
    lines.add("Replay: ./gamut simulate --what " + world + " --seed " + failure.seed());
    return lines;
  }
}
