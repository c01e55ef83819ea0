package io.gamut.trial.run;

import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.fault.FaultLog;
import io.gamut.trial.fault.Faults;
import io.gamut.trial.play.Pace;
import io.gamut.trial.play.Player;
import io.gamut.trial.play.Shared;
import io.gamut.trial.workload.Workloads;
import io.gamut.verify.file.HistoryRecorder;
import io.gamut.verify.history.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Clients that work on a cluster while it is broken and mended, and all that they see. */
public final class Trial {
  /** Keys of different trials on the same cluster do not meet. */
  private final String prefix;

  private final TrialSettings settings;
  private final Cluster cluster;
  private final HistoryRecorder recorder;
  private final Shared shared;
  private final Faults faults;
  private volatile boolean isOver;

  /**
   * Begins nothing yet.
   *
   * @param recorder takes everything that happens; whoever opened it closes it
   * @param words is told, from any thread, what people want to know
   */
  public Trial(
      TrialSettings settings, Cluster cluster, HistoryRecorder recorder, Consumer<String> words) {
    this.settings = settings;
    this.cluster = cluster;
    this.recorder = recorder;
    shared = new Shared(recorder, Pace.perSecond(settings.rate()));
    prefix = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    faults = new Faults(cluster, settings.faults(), settings.seed(), new Log(words));
  }

  private final class Log implements FaultLog {
    private final Consumer<String> words;

    private Log(Consumer<String> words) {
      this.words = words;
    }

    @Override
    public long nanos() {
      return shared.nanos();
    }

    @Override
    public void happened(Event event) {
      recorder.happened(event);
      say(event.name() + ": " + event.detail());
    }

    @Override
    public void say(String said) {
      words.accept(said);
    }
  }

  /** Requests that were answered so far. */
  public long answered() {
    return shared.answered();
  }

  /** Requests that were refused so far, or whose outcome nobody knows. */
  public long refused() {
    return shared.refused();
  }

  /** Faults so far. */
  public int faults() {
    return faults.done();
  }

  /** How long it has been going on. */
  public long nanos() {
    return shared.nanos();
  }

  /**
   * Runs it: work and faults together, then, once everything was mended, a look at what each server
   * shows.
   *
   * @throws IOException if the cluster could not be mended, or servers do not answer in the end
   */
  public void run() throws IOException, InterruptedException {
    Settling.awaitReady(cluster);
    shared.begin();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> playing = new ArrayList<>();
      for (Player player : players()) {
        playing.add(
            threads.submit(() -> {
              player.run(() -> isOver);
              return null;
            }));
      }
      try {
        faults.run(settings.durationNanos());
        awaitEnd(playing);
      } finally {
        isOver = true;
      }
      for (Future<?> each : playing) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client has failed: " + e.getCause(), e);
    }
    new Settling(cluster, shared.keys()).await().forEach(recorder::shown);
  }

  private List<Player> players() {
    List<Player> players = new ArrayList<>();
    for (Workloads kind : settings.workloads()) {
      for (int i = 0; i < settings.sessionsEach(); i++) {
        Random random = new Random(settings.seed() + 31L * (players.size() + 1));
        players.add(
            new Player(
                kind.title() + "-" + i,
                cluster,
                shared,
                session -> kind.begin(session, prefix, settings.keys(), random),
                random));
      }
    }
    return players;
  }

  /** Until time is over, or a client has failed. */
  private void awaitEnd(List<Future<?>> playing) throws InterruptedException {
    while (shared.nanos() < settings.durationNanos()
        && playing.stream().noneMatch(Future::isDone)) {
      Thread.sleep(10); // there is nothing to be woken by: time passes
    }
  }
}
