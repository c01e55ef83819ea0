package io.gamut.cli.verify;

import io.gamut.client.GamutConnection;
import io.gamut.protocol.resp.RespValue;
import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.fault.FaultKind;
import io.gamut.trial.fault.FaultSettings;
import io.gamut.trial.fault.Faults;
import io.gamut.trial.run.Trial;
import io.gamut.trial.run.TrialSettings;
import io.gamut.verify.file.HistoryRecorder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A cluster that is tried: started if it has to be, worked on, broken and mended, recorded. */
final class LiveRun {
  private static final long UNDOING_SECONDS_MAX = 60;
  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final RunOptions options;
  private final Pulse pulse;
  private final Path directory;

  /** Does nothing yet. */
  LiveRun(RunOptions options, Pulse pulse) {
    this.options = options;
    this.pulse = pulse;
    directory =
        options.directory == null
            ? Path.of("verify-" + NAME.format(LocalDateTime.now(ZoneId.systemDefault())))
            : options.directory;
  }

  /** Where the history is. */
  Path history() {
    return directory.resolve("history.jsonl");
  }

  /** Where a page about it is to be, if nobody says otherwise. */
  Path report() {
    return directory.resolve("report.html");
  }

  /**
   * Runs it. Whoever ends the process meanwhile waits until the cluster is as it was.
   *
   * @return why what was recorded says less than it should, if anything went wrong
   * @throws IOException if there is no such cluster, or it does not work to begin with
   */
  List<String> run(Duration length) throws IOException, InterruptedException {
    TrialSettings settings = options.settings(length);
    if (Files.exists(directory)) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    if (!options.addresses.isEmpty()) {
      GivenCluster cluster = GivenCluster.meet(options.addresses);
      Files.createDirectories(directory);
      return run(settings, cluster);
    }
    Files.createDirectories(directory);
    try (OwnCluster cluster =
        pulse.during(
            () -> "starting %d servers".formatted(options.servers),
            () -> OwnCluster.start(directory, options.servers))) {
      return run(settings, cluster);
    }
  }

  private List<String> run(TrialSettings settings, Cluster cluster)
      throws IOException, InterruptedException {
    TrialSettings possible = possible(settings, cluster);
    Set<FaultKind> kinds = possible.faults().kinds();
    pulse.say(
        "%d servers, %d clients, %d kinds of faults, seed %d, history in %s"
            .formatted(
                cluster.count(),
                settings.workloads().size() * settings.sessionsEach(),
                kinds.size(),
                settings.seed(),
                history()));
    try (HistoryRecorder recorder = HistoryRecorder.open(history(), about(possible, cluster))) {
      Trial trial = new Trial(possible, cluster, recorder, timed());
      CountDownLatch ended = new CountDownLatch(1);
      Thread undoing = Thread.ofPlatform().unstarted(() -> undo(trial, ended));
      Runtime.getRuntime().addShutdownHook(undoing);
      try {
        pulse.during(
            () -> progress(trial),
            () -> {
              trial.run();
              return true;
            });
      } finally {
        ended.countDown();
        forget(undoing);
      }
      pulse.say(
          "%,d requests were answered, %,d refused or lost, %d faults"
              .formatted(trial.answered(), trial.refused(), trial.faults()));
      return trial.troubles();
    }
  }

  private static void forget(Thread undoing) {
    try {
      Runtime.getRuntime().removeShutdownHook(undoing);
    } catch (IllegalStateException _) {
      // It runs: this process was told to end.
    }
  }

  private void undo(Trial trial, CountDownLatch ended) {
    pulse.say("told to end: what is broken is mended first");
    trial.stop();
    try {
      if (!ended.await(UNDOING_SECONDS_MAX, TimeUnit.SECONDS)) {
        pulse.say("not everything could be mended within " + UNDOING_SECONDS_MAX + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says what happens when it does. */
  private Consumer<String> timed() {
    long begun = System.nanoTime();
    return words -> pulse.say("%6.1f s  %s".formatted((System.nanoTime() - begun) / 1e9, words));
  }

  private static String progress(Trial trial) {
    long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(trial.nanos()));
    return "%,d requests (%,d/s), %d faults"
        .formatted(trial.answered(), trial.answered() / seconds, trial.faults());
  }

  private static Map<String, String> about(TrialSettings settings, Cluster cluster) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("seed", "" + settings.seed());
    about.put("servers", "" + cluster.count());
    about.put(
        "workloads",
        settings.workloads().stream()
            .map(workload -> workload.title())
            .collect(Collectors.joining(",")));
    about.put("sessions", "" + settings.workloads().size() * settings.sessionsEach());
    about.put(
        "faults",
        settings.faults().kinds().stream()
            .sorted()
            .map(FaultKind::title)
            .collect(Collectors.joining(",")));
    return about;
  }

  // What can be done to this cluster

  /**
   * With the faults that this cluster can have.
   *
   * @throws IOException if it cannot have one that was asked for by name
   */
  private TrialSettings possible(TrialSettings settings, Cluster cluster)
      throws IOException, InterruptedException {
    FaultSettings asked = settings.faults();
    boolean isLab = isLab(cluster);
    List<FaultKind> kinds =
        Faults.possible(asked, cluster).stream().filter(kind -> isLab || !kind.needsLab()).toList();
    List<FaultKind> missing =
        asked.kinds().stream().sorted().filter(kind -> !kinds.contains(kind)).toList();
    if (!missing.isEmpty()) {
      String titles = missing.stream().map(FaultKind::title).collect(Collectors.joining(", "));
      String words =
          "not possible with this cluster: " + titles + (isLab ? "" : "; it is no --lab");
      boolean isNothingLeft = kinds.isEmpty() && options.hasFaultsAsked();
      if (isNothingLeft || missing.stream().anyMatch(options::isNamed)) {
        throw new IOException(words);
      }
      pulse.say(words);
    }
    return new TrialSettings(
        settings.workloads(),
        settings.sessionsEach(),
        settings.keys(),
        settings.rate(),
        settings.durationNanos(),
        new FaultSettings(Set.copyOf(kinds), asked.periodNanos()),
        settings.seed());
  }

  /** Whether clients may break the servers. */
  private static boolean isLab(Cluster cluster) throws IOException {
    for (int place = 0; place < cluster.count(); place++) {
      try (GamutConnection connection = cluster.connect(place)) {
        if (connection.call("GAMUT", "FAULT") instanceof RespValue.Failure) {
          return false;
        }
      }
    }
    return true;
  }
}
