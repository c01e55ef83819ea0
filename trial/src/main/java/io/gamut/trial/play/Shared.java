package io.gamut.trial.play;

import io.gamut.verify.file.HistoryRecorder;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all players of a trial have in common. For any thread. */
public final class Shared {
  private final HistoryRecorder recorder;
  private final Pace pace;
  private volatile long begun = System.nanoTime();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicLong requests = new AtomicLong();
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

  long nextRequest() {
    return requests.getAndIncrement();
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
