package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that can only be asked for, with pauses from 1 ms growing to 10 ms. */
public final class Poll {
  private static final long PAUSE_NANOS_FIRST = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(10);

  /** A question that may fail. */
  @FunctionalInterface
  public interface Question<T> {
    T ask() throws ScriptException;
  }

  private Poll() {}

  public static void until(long nanosMax, Question<Boolean> condition, Question<String> complaint)
      throws ScriptException, InterruptedException {
    long deadline = System.nanoTime() + nanosMax;
    long pause = PAUSE_NANOS_FIRST;
    while (!condition.ask()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new ScriptException(
            "after " + TimeUnit.NANOSECONDS.toMillis(nanosMax) + " ms " + complaint.ask());
      }
      LockSupport.parkNanos(pause);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      pause = Math.min(PAUSE_NANOS_MAX, pause * 3 / 2);
    }
  }
}
