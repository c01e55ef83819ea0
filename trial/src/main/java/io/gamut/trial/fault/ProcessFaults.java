package io.gamut.trial.fault;

import io.gamut.trial.cluster.Cluster.Processes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Faults of servers' processes. */
final class ProcessFaults {
  private static final String RESTART = "restart";

  private ProcessFaults() {}

  private static Processes processes(Scene scene) {
    return scene.cluster().processes().orElseThrow();
  }

  static Fault kill(Scene scene) {
    int place = scene.anyOrLeader();
    Processes processes = processes(scene);
    return new Fault(
        id(scene, place), RESTART, () -> processes.kill(place), () -> processes.start(place));
  }

  private static String id(Scene scene, int place) {
    return "" + scene.cluster().id(place);
  }

  static Fault killAll(Scene scene) {
    Processes processes = processes(scene);
    return new Fault("all", RESTART, () -> forEach(scene, processes::kill), () -> startAll(scene));
  }

  /** All at the same time: none may be able to do anything without another one. */
  private static void startAll(Scene scene) throws IOException, InterruptedException {
    Processes processes = processes(scene);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> starting = new ArrayList<>();
      for (int place = 0; place < scene.count(); place++) {
        int each = place;
        starting.add(
            threads.submit(() -> {
              processes.start(each);
              return null;
            }));
      }
      for (Future<?> each : starting) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  /** Does something to a server. */
  @FunctionalInterface
  private interface Doing {
    void to(int place) throws IOException, InterruptedException;
  }

  private static void forEach(Scene scene, Doing doing) throws IOException, InterruptedException {
    for (int place = 0; place < scene.count(); place++) {
      doing.to(place);
    }
  }

  static Fault pause(Scene scene) {
    int place = scene.anyOrLeader();
    Processes processes = processes(scene);
    return new Fault(
        id(scene, place), "resume", () -> processes.pause(place), () -> processes.resume(place));
  }

  static Fault stop(Scene scene) {
    int place = scene.anyOrLeader();
    Processes processes = processes(scene);
    return new Fault(
        id(scene, place), RESTART, () -> processes.stop(place), () -> processes.start(place));
  }

  static Fault roll(Scene scene) {
    Processes processes = processes(scene);
    return new Fault(
        "all",
        RESTART,
        () ->
            forEach(
                scene,
                place -> {
                  processes.stop(place);
                  processes.start(place);
                }),
        () -> startAll(scene));
  }

  static Fault grow(Scene scene) {
    Processes processes = processes(scene);
    int[] id = {-1};
    return new Fault(
        "one more",
        "leave",
        () -> id[0] = processes.grow(),
        () -> {
          if (id[0] >= 0) {
            processes.shrink(id[0]);
          }
        });
  }
}
