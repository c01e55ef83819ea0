package io.gamut.server.snapshot;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which snapshots are read, written, opened and deleted, so that the replica's
 * never waits for the disk. Tasks run in the order in which they are given.
 */
final class SnapshotThread implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotThread.class);

  private final Executor replica;
  private final ExecutorService thread;
  private boolean isStopped;

  /** A task that waits for the disk and gives nothing back. */
  interface Task {
    void run() throws Exception;
  }

  /**
   * @param replica runs tasks on the replica's thread
   */
  SnapshotThread(Executor replica) {
    this.replica = replica;
    thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("gamut-snapshot").factory());
  }

  /**
   * Runs a task here, and what is to follow it on the replica's thread. What would follow after
   * {@link #stop} is left out. On the replica's thread.
   */
  <T> void run(Callable<T> task, Consumer<T> done, Consumer<Exception> failed) {
    if (isStopped) {
      return;
    }
    thread.execute(() -> {
      T result;
      try {
        result = task.call();
      } catch (Exception e) {
        reply(() -> failed.accept(e));
        return;
      }
      reply(() -> done.accept(result));
    });
  }

  /** Runs a task that nothing depends on: a failure is only logged. On the replica's thread. */
  void runAside(String what, Task task) {
    run(
        () -> {
          task.run();
          return true;
        },
        _ -> {},
        failure -> LOGGER.warn("Could not {}; it is tried again at the next start", what, failure));
  }

  /** Runs something on the replica's thread, unless it has stopped. From any thread. */
  void reply(Runnable answer) {
    replica.execute(() -> {
      if (!isStopped) {
        answer.run();
      }
    });
  }

  /** Nothing follows any more. On the replica's thread. */
  void stop() {
    isStopped = true;
  }

  /** Waits for what was given to it. After {@link #stop}, on any thread but the replica's. */
  @Override
  public void close() {
    thread.close();
  }
}
