package io.gamut.trial.fault;

import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.cluster.Control;
import io.gamut.trial.fault.FaultKind.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Faults of a cluster while a trial goes on: those of links in one lane, those of processes and of
 * what servers see of their machines in another, so that a server is killed while it is cut off.
 */
public final class Faults {
  private final List<Lane> lanes = new ArrayList<>();
  private volatile boolean isStopped;

  /**
   * Of the kinds that were asked for those that this cluster can have.
   *
   * @param seed of what happens
   */
  public Faults(Cluster cluster, FaultSettings settings, long seed, FaultLog log) {
    List<FaultKind> possible = possible(settings, cluster);
    List<FaultKind> links = possible.stream().filter(kind -> kind.part() == Part.LINKS).toList();
    List<FaultKind> others = possible.stream().filter(kind -> kind.part() != Part.LINKS).toList();
    for (List<FaultKind> kinds : List.of(links, others)) {
      if (!kinds.isEmpty()) {
        Random random = new Random(seed + lanes.size());
        Scene scene = new Scene(cluster, new Control(cluster), random);
        lanes.add(new Lane(scene, kinds, settings.periodNanos(), log, () -> isStopped));
      }
    }
  }

  /** Of the kinds that were asked for those that a cluster can have. */
  public static List<FaultKind> possible(FaultSettings settings, Cluster cluster) {
    return settings.kinds().stream().sorted().filter(kind -> kind.isPossible(cluster)).toList();
  }

  /** How many there were so far that came to be as they were meant. */
  public int done() {
    return lanes.stream().mapToInt(Lane::done).sum();
  }

  /** Lets {@link #run} end early, when everything was undone; from any thread. */
  public void stop() {
    isStopped = true;
  }

  /**
   * Goes on until this moment of the history's clock, and returns when everything was undone.
   *
   * @throws IOException if something could not be undone
   */
  public void run(long end) throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (Lane lane : lanes) {
        running.add(
            threads.submit(() -> {
              lane.run(end);
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    }
  }
}
