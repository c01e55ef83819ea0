package io.gamut.simulator;

import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Virtual time, which jumps from event to event, and what is said of it for a report. Events of one
 * moment come in a fixed order.
 */
public final class Timeline {
  private static final int EVENTS_MAX = 5_000_000;

  private static final int TRACE_LINES_MAX = 400;

  private final ArrayDeque<String> trace = new ArrayDeque<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nanos;
  private long sequence;

  private record Event(long nanos, long sequence, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  public long nanos() {
    return nanos;
  }

  /** Something to be told with its time, if the run fails. */
  public void note(String line) {
    if (trace.size() == TRACE_LINES_MAX) {
      trace.removeFirst();
    }
    trace.add("%10.3f ms  %s".formatted(nanos / 1e6, line));
  }

  /** What was noted last. */
  public List<String> trace() {
    return List.copyOf(trace);
  }

  public void schedule(long inNanos, Runnable action) {
    events.add(new Event(nanos + Math.max(0, inNanos), sequence++, action));
  }

  public void runUntil(long end) {
    Event next = events.peek();
    while (next != null && next.nanos < end) {
      events.remove();
      if (sequence > EVENTS_MAX) {
        throw new Violation("nothing goes on for ever", "more than " + EVENTS_MAX + " events");
      }
      nanos = next.nanos;
      next.action.run();
      next = events.peek();
    }
    nanos = end;
  }
}
