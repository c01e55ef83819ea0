package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.simulator.Simulator;
import java.io.PrintWriter;
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
          + " partitions and lost disks. A seed is a history: the same one every time. Status 1"
          + " when a promise was broken; the seed, what happened in it, and the command that"
          + " replays it are printed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut simulate --seeds 10000",
      "  gamut simulate --seeds 1000 --seed 500000   the seeds 500000 to 500999",
      "  gamut simulate --seed 42                    replay one"
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

  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicReference<Simulator.@Nullable Failure> failure = new AtomicReference<>();

  @Override
  public Integer call() throws InterruptedException {
    long count = seeds != null ? seeds : seed != null ? 1 : 1_000;
    if (count < 1) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--seeds is 1 or more, not " + count);
    }
    long first = seed == null ? 0 : seed;
    long startNanos = System.nanoTime();
    runAll(first, count, startNanos);
    say(progress(count, startNanos));
    Simulator.Failure found = failure.get();
    if (found == null) {
      return 0;
    }
    print(found);
    return Gamut.EXIT_FAILED;
  }

  private void runAll(long first, long count, long startNanos) throws InterruptedException {
    int threads = (int) Math.min(count, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      pool.execute(() -> runUntilFailure(first, count));
    }
    pool.shutdown();
    while (!pool.awaitTermination(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
      say(progress(count, startNanos));
    }
  }

  private void runUntilFailure(long first, long count) {
    for (long i = begun.getAndIncrement(); i < count; i = begun.getAndIncrement()) {
      if (failure.get() != null) {
        return;
      }
      Simulator.Failure found = Simulator.run(first + i);
      ended.incrementAndGet();
      if (found != null) {
        failure.compareAndSet(null, found);
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
        failure.get() == null ? ", no violation" : ", a violation");
  }

  private static void say(String message) {
    System.err.println("gamut simulate: " + message);
  }

  private void print(Simulator.Failure found) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println("seed " + found.seed() + " breaks: " + found.invariant());
    out.println();
    out.println("Actions, shortened:");
    found.actions().forEach(action -> out.println("  " + action));
    out.println();
    out.println("What happened last:");
    found.trace().forEach(line -> out.println("  " + line));
    out.println();
    out.println("Replay: ./gamut simulate --seed " + found.seed());
    out.flush();
  }
}
