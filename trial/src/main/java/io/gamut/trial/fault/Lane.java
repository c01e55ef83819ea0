package io.gamut.trial.fault;

import io.gamut.verify.history.Event;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * One fault after the other, with calm between them. What happens follows from the seed, but for
 * who leads at that moment. Each kind comes once before one comes again. For one thread.
 */
final class Lane {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final String IN_PART = "in part";

  /** Behind the time for which a fault of the other lane may stand in the way. */
  private static final long UNDOING_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private final Scene scene;
  private final List<FaultKind> kinds;
  private final long periodNanos;
  private final FaultLog log;
  private final BooleanSupplier isStopped;
  private final ArrayDeque<FaultKind> next = new ArrayDeque<>();
  private final AtomicInteger done = new AtomicInteger();

  /**
   * @param kinds at least one
   * @param periodNanos from one fault to the next, on average
   * @param isStopped whether it is to end early
   */
  Lane(
      Scene scene,
      List<FaultKind> kinds,
      long periodNanos,
      FaultLog log,
      BooleanSupplier isStopped) {
    this.scene = scene;
    this.kinds = kinds;
    this.periodNanos = periodNanos;
    this.log = log;
    this.isStopped = isStopped;
  }

  /** How many faults came to be as they were meant; from any thread. */
  int done() {
    return done.get();
  }

  /**
   * Does one fault after the other until this moment of the history's clock, and undoes the last.
   *
   * @throws IOException if a fault could not be undone: the cluster is broken then
   */
  void run(long end) throws IOException, InterruptedException {
    calm(end);
    while (!isOver(end)) {
      fault(next(), end);
      calm(end);
    }
  }

  private boolean isOver(long end) {
    return isStopped.getAsBoolean() || log.nanos() >= end;
  }

  private void calm(long end) throws InterruptedException {
    long until = Math.min(end, log.nanos() + between(periodNanos / 4, periodNanos / 2));
    while (!isOver(until)) {
      tick(until);
    }
  }

  private FaultKind next() {
    if (next.isEmpty()) {
      List<FaultKind> all = new ArrayList<>(kinds);
      Collections.shuffle(all, new Random(scene.random().nextLong()));
      next.addAll(all);
    }
    return next.remove();
  }

  private long between(long least, long most) {
    return scene.random().nextLong(least, most + 1);
  }

  private void fault(FaultKind kind, long end) throws IOException, InterruptedException {
    Fault fault = kind.choose(scene);
    long lasting = between(periodNanos / 2, periodNanos * 3 / 4);
    log.happened(new Event(log.nanos(), kind.title(), fault.detail()));
    try {
      fault.doing().run();
      done.incrementAndGet();
      last(fault, Math.min(end, log.nanos() + lasting));
    } catch (IOException e) {
      // A server may be away by another lane's fault. What can be undone will be.
      log.say(kind.title() + " was not done in full: " + e.getMessage());
      log.happened(new Event(log.nanos(), IN_PART, kind.title() + " of " + fault.detail()));
    } finally {
      undo(kind, fault);
    }
  }

  private void last(Fault fault, long until) throws IOException, InterruptedException {
    while (!isOver(until)) {
      tick(until);
      fault.again().run();
    }
  }

  /** Tries until it has succeeded: what another lane has broken may stand in the way. */
  private void undo(FaultKind kind, Fault fault) throws IOException, InterruptedException {
    long limit = log.nanos() + UNDOING_NANOS_MAX + periodNanos;
    while (true) {
      try {
        fault.undoing().run();
        log.happened(new Event(log.nanos(), fault.end(), fault.detail()));
        return;
      } catch (IOException e) {
        if (log.nanos() > limit) {
          throw new IOException(
              "%s of %s cannot be undone: %s"
                  .formatted(kind.title(), fault.detail(), e.getMessage()),
              e);
        }
        TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
      }
    }
  }

  private void tick(long end) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.min(TICK_NANOS, end - log.nanos()));
  }
}
