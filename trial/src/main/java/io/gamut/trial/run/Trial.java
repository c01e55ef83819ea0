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
import java.util.Collections;
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
  private final FaultLog log;
  private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean isOver;
  private volatile boolean isStopped;

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
    log = new Log(words);
    faults = new Faults(cluster, settings.faults(), settings.seed(), log);
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

  /**
   * Why what was recorded says less than it should, if something went wrong; empty if nothing did.
   */
  public List<String> troubles() {
    return List.copyOf(troubles);
  }

  /**
   * Lets {@link #run} end early, when all faults were undone, without a look at what servers show;
   * from any thread.
   */
  public void stop() {
    isStopped = true;
    end();
  }

  private void end() {
    isOver = true;
    faults.stop();
  }

  /** How long it has been going on. */
  public long nanos() {
    return shared.nanos();
  }

  /**
   * Runs it: work and faults together, then, once everything was mended, a look at what each server
   * shows. What goes wrong after it has begun is among the {@link #troubles}: what was recorded
   * until then is worth a judgement.
   *
   * @throws IOException if the cluster does not work to begin with
   */
  public void run() throws IOException, InterruptedException {
    Settling.awaitReady(cluster);
    shared.begin();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> working = new ArrayList<>();
      working.add(
          threads.submit(() -> {
            faults.run(settings.durationNanos());
            return null;
          }));
      for (Player player : players()) {
        working.add(
            threads.submit(() -> {
              player.run(() -> isOver);
              return null;
            }));
      }
      try {
        awaitEnd(working);
      } finally {
        end();
      }
      for (Future<?> each : working) {
        note(each);
      }
    }
    if (isStopped) {
      trouble("it was told to end early");
      return;
    }
    settle();
    if (shared.answered() == 0) {
      trouble("no request was answered");
    }
    if (!settings.faults().kinds().isEmpty() && faults.done() == 0) {
      trouble("no fault came to be: is the time too short?");
    }
  }

  private void trouble(String words) {
    troubles.add(words);
    log.happened(new Event(log.nanos(), "trouble", words));
  }

  private void note(Future<?> ended) throws InterruptedException {
    try {
      ended.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean isOfCluster = cause instanceof IOException && cause.getMessage() != null;
      trouble(isOfCluster ? "" + cause.getMessage() : "a client has failed: " + cause);
    }
  }

  /** Whatever was done to the cluster, it works again, and shows one thing. */
  private void settle() throws InterruptedException {
    try {
      Settling.awaitReady(cluster);
    } catch (IOException e) {
      trouble("after all was mended: " + e.getMessage());
    }
    Settling settling = new Settling(cluster, shared.keys());
    settling.await().forEach(recorder::shown);
    settling.trouble().ifPresent(words -> trouble("after all was mended: " + words));
    cluster.processes().ifPresent(processes -> processes.surprises().forEach(this::trouble));
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

  /** Until time is over, a client has failed, or the history is full. */
  private void awaitEnd(List<Future<?>> working) throws InterruptedException {
    List<Future<?>> playing = working.subList(1, working.size());
    while (shared.nanos() < settings.durationNanos()
        && !isOver
        && playing.stream().noneMatch(Future::isDone)) {
      if (shared.isFull()) {
        trouble("the history is as long as one may be: the run has ended early");
        return;
      }
      Thread.sleep(10); // there is nothing to be woken by: time passes
    }
  }
}
