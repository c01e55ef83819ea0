package io.gamut.verify.report;

import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was done to the cluster, how long it lasted, and how soon strong writes succeeded again. */
final class Faults {
  /** Not ended, or not recovered from, within the history. */
  static final long NEVER = Long.MAX_VALUE;

  /** What ends a fault, and what it then ends. */
  private static final Map<String, List<String>> ENDS = new TreeMap<>();

  static {
    ENDS.put(
        "heal",
        List.of(
            "cut",
            "partition",
            "isolate",
            "halves",
            "bridge",
            "ring",
            "chain",
            "quorum-loss",
            "constrained-election",
            "flapping",
            "one-way",
            "delay",
            "loss"));
    ENDS.put("join", List.of("kill", "stop", "leave"));
    ENDS.put("restart", List.of("kill", "kill-all", "stop", "rolling-restart", "crash"));
    ENDS.put("start", List.of("kill", "stop", "crash"));
    ENDS.put("resume", List.of("pause"));
    ENDS.put("leave", List.of("membership"));
    ENDS.put("mend", List.of("slow-disk", "full-disk", "clock"));
  }

  /**
   * An event.
   *
   * @param end when the fault it began was ended; its own time if it began none
   * @param recoveryNanos from an event that ends a fault, until a strong write that began later, or
   *     was waiting, succeeded; from another one, the same
   * @param isHealing whether it ends a fault
   */
  record Fault(Event event, long end, long recoveryNanos, boolean isHealing) {}

  private Faults() {}

  static List<Fault> of(History history) {
    long[] successes =
        history.requests().stream()
            .filter(Faults::isStrongWrite)
            .mapToLong(Request::responded)
            .sorted()
            .toArray();
    List<Fault> faults = new ArrayList<>();
    List<Event> events = history.events();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      boolean isEnd = events.subList(0, i).stream().anyMatch(earlier -> isEndedBy(earlier, event));
      faults.add(
          new Fault(
              event,
              isEnd ? event.at() : end(event, events.subList(i + 1, events.size())),
              recovery(event, successes),
              ENDS.containsKey(event.name())));
    }
    return faults;
  }

  private static boolean isStrongWrite(Request request) {
    return request.isOk() && !request.isRead() && !request.level().isWeak();
  }

  private static long recovery(Event event, long[] successes) {
    int found = Arrays.binarySearch(successes, event.at());
    int next = found >= 0 ? found : -found - 1;
    return next < successes.length ? successes[next] - event.at() : NEVER;
  }

  /** When the first one comes that ends it; its own time if it is no fault. */
  private static long end(Event event, List<Event> later) {
    if (ENDS.values().stream().noneMatch(begun -> begun.contains(event.name()))) {
      return event.at();
    }
    return later.stream()
        .filter(each -> isEndedBy(event, each))
        .findFirst()
        .map(Event::at)
        .orElse(NEVER);
  }

  /** Whether it is what ends such a thing, and of the same, or of all. */
  private static boolean isEndedBy(Event event, Event end) {
    return ENDS.getOrDefault(end.name(), List.of()).contains(event.name())
        && (end.detail().isEmpty() || end.detail().equals(event.detail()));
  }
}
