package io.gamut.verify.check;

import io.gamut.verify.check.Linearizability.Span;
import io.gamut.verify.history.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a linearization of the history of one register or counter: the search of Wing and Gong
 * ("Testing and Verifying Concurrent Objects", 1993) with the memory of Lowe ("Testing for
 * Linearizability", 2017). Where it has been with the same operations done and the same value left,
 * it does not go again.
 *
 * <p>What it remembers is bounded in bytes, with the texts that were appended to; beyond that the
 * answer is that there is none.
 */
final class LinearizationSearch {
  private static final int CONFIGURATION_BYTES = 96;
  private static final int SHOWN_MAX = 12;

  /** An operation's begin or its end, in a list from which both are taken when it is done. */
  private static final class Event {
    final int number;
    final Span span;
    final boolean isBegin;
    Event before = this;
    Event after = this;
    @Nullable Event end;

    Event(int number, Span span, boolean isBegin) {
      this.number = number;
      this.span = span;
      this.isBegin = isBegin;
    }

    long time() {
      return isBegin ? span.begin() : span.end();
    }

    void unlink() {
      before.after = after;
      after.before = before;
    }

    void relink() {
      before.after = this;
      after.before = this;
    }
  }

  private record Configuration(BitSet done, @Nullable String value) {}

  private record Step(Event begin, @Nullable String valueBefore) {}

  private final Event head;
  private final Set<Configuration> seen = new HashSet<>();
  private final ArrayDeque<Step> path = new ArrayDeque<>();
  private final BitSet done = new BitSet();
  private final long bytesMax;
  private final long configurationBytes;
  private long bytes;
  private int required;
  private int deepest;
  private List<Operation> stuck = List.of();
  private @Nullable String value;

  private LinearizationSearch(List<Span> spans, long bytesMax) {
    head = new Event(-1, spans.getFirst(), false);
    this.bytesMax = bytesMax;
    configurationBytes = (long) CONFIGURATION_BYTES + spans.size() / Byte.SIZE;
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      Event begin = new Event(i, spans.get(i), true);
      events.add(begin);
      if (!spans.get(i).isOpen()) {
        begin.end = new Event(i, spans.get(i), false);
        events.add(begin.end);
        required++;
      }
    }
    // At one moment beginnings come first: nothing then ends before something begins.
    events.sort(Comparator.comparingLong(Event::time).thenComparing(event -> !event.isBegin));
    for (Event event : events) {
      event.before = head.before;
      event.after = head;
      event.relink();
    }
  }

  static Verdict check(List<Span> spans, long bytesMax) {
    return spans.isEmpty()
        ? new Verdict.Holds()
        : new LinearizationSearch(spans, bytesMax).search();
  }

  private Verdict search() {
    Event at = head.after;
    while (required > 0) {
      if (bytes > bytesMax) {
        return new Verdict.Unknown(
            "more than " + seen.size() + " configurations of " + head.span.operation().key());
      }
      if (at.isBegin) {
        at = tryNext(at) ? head.after : at.after;
      } else if (path.isEmpty()) {
        return new Verdict.Violated(
            List.of(
                new Violation(
                    Linearizability.PROMISE,
                    "no order explains these, with " + deepest + " operations before them",
                    stuck)));
      } else {
        at = goBack();
      }
    }
    return new Verdict.Holds();
  }

  /** Puts an operation next, if the value allows it and this was not tried before. */
  private boolean tryNext(Event begin) {
    Operation operation = begin.span.operation();
    if (!Register.isPossible(operation.step(), value)) {
      return false;
    }
    String before = value;
    done.set(begin.number);
    value = Register.after(operation.step(), value);
    if (!seen.add(new Configuration((BitSet) done.clone(), value))) {
      done.clear(begin.number);
      value = before;
      return false;
    }
    bytes += configurationBytes + Register.bytesMade(operation.step(), value);
    path.push(new Step(begin, before));
    begin.unlink();
    if (begin.end != null) {
      begin.end.unlink();
      required--;
    }
    noteDepth();
    return true;
  }

  private Event goBack() {
    Step step = path.pop();
    Event begin = step.begin;
    if (begin.end != null) {
      begin.end.relink();
      required++;
    }
    begin.relink();
    done.clear(begin.number);
    value = step.valueBefore;
    return begin.after;
  }

  /** What is in the way where most is explained explains best. */
  private void noteDepth() {
    if (path.size() > deepest) {
      deepest = path.size();
      List<Operation> next = new ArrayList<>();
      for (Event at = head.after; at != head && next.size() < SHOWN_MAX; at = at.after) {
        if (at.isBegin) {
          next.add(at.span.operation());
        }
      }
      stuck = next;
    }
  }
}
