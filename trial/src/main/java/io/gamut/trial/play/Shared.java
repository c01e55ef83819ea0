package io.gamut.trial.play;

import io.gamut.verify.file.HistoryRecorder;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all players of a trial have in common. For any thread. */
public final class Shared {
  /** Operations that players may begin at the same moment. */
  private static final int SPARE = 100_000;

  private final HistoryRecorder recorder;
  private final Pace pace;
  private volatile long begun = System.nanoTime();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicLong requests = new AtomicLong();
  private final LongAdder operations = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final NavigableSet<String> keys = new ConcurrentSkipListSet<>();

  /**
   * @param recorder takes all that is asked and answered
   */
  public Shared(HistoryRecorder recorder, Pace pace) {
    this.recorder = recorder;
    this.pace = pace;
  }

  HistoryRecorder recorder() {
    return recorder;
  }

  Pace pace() {
    return pace;
  }

  int nextSession() {
    return sessions.getAndIncrement();
  }

  /** The number of the next request, which consists of so many steps. */
  long nextRequest(int steps) {
    operations.add(steps);
    return requests.getAndIncrement();
  }

  /** Whether the history has as many operations as one may have. */
  public boolean isFull() {
    return operations.sum() > History.OPERATIONS_MAX - SPARE;
  }

  void onAnswered(Request request) {
    (request.isOk() ? answered : refused).increment();
    for (Step step : request.steps()) {
      if (!step.kind().isRead()) {
        keys.add(step.key());
      }
    }
  }

  /** Lets the clock of the history begin, before anything is recorded. */
  public void begin() {
    begun = System.nanoTime();
  }

  /** The clock of the history: nanoseconds since the trial began. */
  public long nanos() {
    return System.nanoTime() - begun;
  }

  /** Requests that were answered. */
  public long answered() {
    return answered.sum();
  }

  /** Requests that were refused, or whose outcome nobody knows. */
  public long refused() {
    return refused.sum();
  }

  /** All keys that were written, as far as that is known by now. */
  public NavigableSet<String> keys() {
    return keys;
  }
}
