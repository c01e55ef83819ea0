package io.gamut.verify.file;

import io.gamut.verify.file.Line.Answer;
import io.gamut.verify.file.Line.Completion;
import io.gamut.verify.file.Line.Happened;
import io.gamut.verify.file.Line.Invocation;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of a file together to a history. Throws {@link IllegalArgumentException} of a line
 * that cannot follow those before it.
 *
 * <p>A request without a completion has an unknown outcome, as if its client had given up one
 * nanosecond after all that is recorded. What it was to read is left out: nobody knows it, and it
 * promises nothing.
 */
final class Assembly {
  private final Map<Long, Invocation> pending = new TreeMap<>();
  private final Set<Long> numbers = new HashSet<>();
  private final Map<Integer, Last> sessions = new HashMap<>();
  private final Map<Integer, String> processes = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final Map<Integer, Map<String, Shown>> ends = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();
  private long steps;
  private long latest;
  private boolean isEnded;

  /** What a session did last: under way, or how long it took. */
  private record Last(long number, boolean isPending, long responded) {}

  void note(String words) {
    notes.add(words);
  }

  void invoked(Invocation invocation) {
    requireOpen();
    steps += invocation.steps().size();
    if (steps > History.OPERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a history has at most " + History.OPERATIONS_MAX + " operations: judge parts of it");
    }
    long number = invocation.number();
    if (!numbers.add(number)) {
      throw new IllegalArgumentException("request " + number + " was invoked before");
    }
    Last last = sessions.get(invocation.session());
    if (last != null && (last.isPending || invocation.at() < last.responded)) {
      throw new IllegalArgumentException(
          "session %d invokes request %d before its request %d has completed"
              .formatted(invocation.session(), number, last.number));
    }
    sessions.put(invocation.session(), new Last(number, true, 0));
    pending.put(number, invocation);
    latest = Math.max(latest, invocation.at());
    if (invocation.process() != null) {
      processes.put(invocation.session(), invocation.process());
    }
  }

  void completed(Completion completion) {
    requireOpen();
    long number = completion.number();
    Invocation invocation = pending.remove(number);
    if (invocation == null) {
      throw new IllegalArgumentException(
          "request " + number + (numbers.contains(number) ? " has completed before" : " is new"));
    }
    requests.add(
        new Request(
            number,
            invocation.session(),
            invocation.level(),
            invocation.boundNanos(),
            completed(invocation.steps(), completion),
            completion.outcome(),
            invocation.at(),
            completion.at(),
            completion.receipt()));
    sessions.put(invocation.session(), new Last(number, false, completion.at()));
    latest = Math.max(latest, completion.at());
  }

  private static List<Step> completed(List<Step> steps, Completion completion) {
    List<Answer> answers = completion.answers();
    boolean mustAnswer =
        completion.outcome() == Outcome.OK
            && steps.stream().anyMatch(step -> step.kind() == Kind.READ);
    if (answers.size() != steps.size() && (mustAnswer || !answers.isEmpty())) {
      throw new IllegalArgumentException(
          "request %d has %d steps, and answers to %d of them"
              .formatted(completion.number(), steps.size(), answers.size()));
    }
    List<Step> completed = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      Answer answer = answers.isEmpty() ? Answer.NONE : answers.get(i);
      completed.add(answer.completed(steps.get(i)));
    }
    return completed;
  }

  void happened(Happened happened) {
    requireOpen();
    events.add(happened.event());
    latest = Math.max(latest, happened.event().at());
  }

  /** Takes what a replica shows at a key; null if only that somebody looked. */
  void shown(int replica, @Nullable String key, Shown shown) {
    requireOpen();
    Map<String, Shown> all = ends.computeIfAbsent(replica, _ -> new TreeMap<>());
    if (key != null && all.put(key, shown) != null) {
      throw new IllegalArgumentException("replica " + replica + " shows " + key + " twice");
    }
  }

  void ended(long count) {
    requireOpen();
    if (count != numbers.size()) {
      throw new IllegalArgumentException(
          "the history had %d requests, and %d are here".formatted(count, numbers.size()));
    }
    isEnded = true;
  }

  private void requireOpen() {
    if (isEnded) {
      throw new IllegalArgumentException("something stands behind the end of the history");
    }
  }

  Recording recording(Map<String, String> about) {
    if (!isEnded) {
      note("the recorder was not closed: what happened last may be missing");
      if (!ends.isEmpty()) {
        note("what the replicas show in the end was left out, since some of it may be missing");
        ends.clear();
      }
    }
    if (!pending.isEmpty()) {
      note(pending.size() + " requests have no completion: their outcome is unknown");
      pending.values().forEach(this::addUnknown);
    }
    events.sort(Comparator.comparingLong(Event::at));
    return new Recording(new History(requests, events, ends), about, processes, notes);
  }

  private void addUnknown(Invocation invocation) {
    List<Step> writes =
        invocation.steps().stream()
            .filter(step -> !step.kind().isRead())
            .map(Assembly::asked)
            .toList();
    if (!writes.isEmpty()) {
      requests.add(
          new Request(
              invocation.number(),
              invocation.session(),
              invocation.level(),
              invocation.boundNanos(),
              writes,
              Outcome.UNKNOWN,
              invocation.at(),
              latest + 1,
              null));
    }
  }

  private static Step asked(Step step) {
    return Answer.NONE.completed(step);
  }
}
