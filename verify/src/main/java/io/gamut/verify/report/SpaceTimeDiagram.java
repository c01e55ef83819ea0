package io.gamut.verify.report;

import io.gamut.verify.check.Violation;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who did what when, and what contradicts itself (the diagrams of Lamport, "Time, Clocks, and the
 * Ordering of Events in a Distributed System", 1978, with time to the right).
 *
 * @param sentence what it shows, in words
 * @param sessions each has a line
 * @param replicas that receipts name; each has a line
 * @param bars one for each request, in the order of invocation
 * @param arrows between bars
 * @param events what was done to the cluster meanwhile
 * @param left requests that there was no room for
 */
public record SpaceTimeDiagram(
    String sentence,
    List<Integer> sessions,
    List<Integer> replicas,
    List<Bar> bars,
    List<Arrow> arrows,
    List<Event> events,
    int left) {
  /** More cannot be read. */
  static final int BARS_MAX = 40;

  private static final int EVENTS_MAX = 12;

  /**
   * A request.
   *
   * @param label its steps
   * @param isMarked whether the violation names it
   */
  public record Bar(Request request, String label, boolean isMarked) {
    /** Whether nobody knows when it ended, if at all. */
    boolean isOpen() {
      return request.outcome() == Outcome.UNKNOWN;
    }

    int replica() {
      Receipt receipt = request.receipt();
      return receipt == null ? Receipt.REPLICA_UNKNOWN : receipt.replica();
    }
  }

  /** What an arrow says. */
  public enum Link {
    /** The second read what the first wrote. */
    READ_FROM,
    /** The two contradict each other. */
    VIOLATED
  }

  /** Between bars, by their place in the list. */
  public record Arrow(int from, int to, Link link) {}

  /** One of what is left of a history. */
  public static SpaceTimeDiagram of(Counterexample counterexample) {
    return of(counterexample.history(), counterexample.violation());
  }

  /** One of a history, of which as much is shown as can be read. */
  public static SpaceTimeDiagram of(History history, Violation violation) {
    Set<Request> named = new LinkedHashSet<>();
    violation.operations().forEach(operation -> named.add(operation.request()));
    List<Request> requests = chosen(history, named);
    Map<Request, Integer> places = new LinkedHashMap<>();
    TreeSet<Integer> sessions = new TreeSet<>();
    TreeSet<Integer> replicas = new TreeSet<>();
    List<Bar> bars = new ArrayList<>();
    for (Request request : requests) {
      places.put(request, bars.size());
      Bar bar = new Bar(request, label(request), named.contains(request));
      bars.add(bar);
      sessions.add(request.session());
      if (bar.replica() != Receipt.REPLICA_UNKNOWN) {
        replicas.add(bar.replica());
      }
    }
    return new SpaceTimeDiagram(
        Words.sentence(violation),
        List.copyOf(sessions),
        List.copyOf(replicas),
        List.copyOf(bars),
        arrows(history, violation, places),
        during(history.events(), requests),
        history.requests().size() - requests.size());
  }

  private static List<Request> chosen(History history, Set<Request> named) {
    if (history.requests().size() <= BARS_MAX) {
      return history.requests();
    }
    Set<Request> chosen =
        new LinkedHashSet<>(new ArrayList<>(named).subList(0, Math.min(named.size(), BARS_MAX)));
    for (Request request : history.requests()) {
      if (chosen.size() < BARS_MAX) {
        chosen.add(request);
      }
    }
    return history.requests().stream().filter(chosen::contains).toList();
  }

  private static String label(Request request) {
    return String.join("; ", request.steps().stream().map(Step::toString).toList());
  }

  private static List<Arrow> arrows(
      History history, Violation violation, Map<Request, Integer> places) {
    Set<Arrow> arrows = new LinkedHashSet<>();
    List<Integer> named = new ArrayList<>();
    for (Operation operation : violation.operations()) {
      Integer place = places.get(operation.request());
      if (place != null && (named.isEmpty() || !named.getLast().equals(place))) {
        named.add(place);
      }
    }
    Set<Arrow> violated = violated(named, violation);
    Sources sources = new Sources(history);
    places.forEach((reader, to) -> {
      for (Request source : sources.of(reader)) {
        Integer from = places.get(source);
        if (from != null && !violated.contains(new Arrow(from, to, Link.VIOLATED))) {
          arrows.add(new Arrow(from, to, Link.READ_FROM));
        }
      }
    });
    arrows.addAll(violated);
    return List.copyOf(arrows);
  }

  /**
   * Violations end with what should not be after what stands before it; circles, at their begin.
   */
  private static Set<Arrow> violated(List<Integer> named, Violation violation) {
    Set<Arrow> violated = new LinkedHashSet<>();
    if (named.size() < 2) {
      return violated;
    }
    int last = named.getLast();
    if (violation.explanation().matches("(?s)(G[012-]|Cyclic).*")) {
      for (int i = 0; i < named.size(); i++) {
        addBetween(named.get(i), named.get((i + 1) % named.size()), violated);
      }
    } else if (violation.explanation().startsWith("WriteCO")) {
      addBetween(named.getFirst(), last, violated);
    } else {
      addBetween(named.get(named.size() - 2), last, violated);
    }
    return violated;
  }

  private static void addBetween(int from, int to, Set<Arrow> arrows) {
    if (from != to) {
      arrows.add(new Arrow(from, to, Link.VIOLATED));
    }
  }

  private static List<Event> during(List<Event> events, List<Request> requests) {
    long from = requests.stream().mapToLong(Request::invoked).min().orElse(0);
    long to = requests.stream().mapToLong(Request::responded).max().orElse(-1);
    return events.stream()
        .filter(event -> event.at() >= from && event.at() <= to)
        .limit(EVENTS_MAX)
        .toList();
  }

  /** The steps of all bars in words, numbered from 1. */
  List<String> legend() {
    List<String> lines = new ArrayList<>();
    long begin = begin();
    for (Bar bar : bars) {
      Request request = bar.request();
      lines.add(
          "%s; %s to %s"
              .formatted(
                  Words.full(request),
                  Words.nanos(request.invoked() - begin),
                  bar.isOpen() ? "?" : Words.nanos(request.responded() - begin)));
    }
    return lines;
  }

  /** When its first request was invoked: times are shown from there. */
  long begin() {
    return bars.isEmpty() ? 0 : bars.getFirst().request().invoked();
  }

  /** As a text for a terminal; see {@link TextDiagram}. */
  public String toText(int columns, boolean hasColours) {
    return new TextDiagram(this, columns, hasColours).render();
  }

  /** As a picture that can stand alone; see {@link SvgDiagram}. */
  public String toSvg() {
    return new SvgDiagram(this, "diagram").render(true);
  }
}
