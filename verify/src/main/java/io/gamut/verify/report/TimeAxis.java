package io.gamut.verify.report;

import io.gamut.verify.history.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where moments stand from left to right. Their order is true, their distances are not: where
 * nothing happens time is compressed, and where there is something to be read it is stretched.
 */
final class TimeAxis {
  private final TreeMap<Long, Integer> places = new TreeMap<>();
  private final Map<Long, Integer> rooms = new HashMap<>();
  private final Map<Long, List<Needed>> needs = new HashMap<>();

  private record Needed(long from, int width) {}

  /** One of all moments of a diagram; they have no places until {@link #place}. */
  TimeAxis(SpaceTimeDiagram diagram) {
    for (SpaceTimeDiagram.Bar bar : diagram.bars()) {
      places.put(bar.request().invoked(), 0);
      places.put(bar.request().responded(), 0);
    }
    for (Event event : diagram.events()) {
      places.put(event.at(), 0);
    }
  }

  /** So much must be free behind a moment. */
  void require(long moment, int width) {
    rooms.merge(moment, width, Math::max);
  }

  /** Two moments must be so far apart. */
  void require(long from, long to, int width) {
    needs.computeIfAbsent(to, _ -> new ArrayList<>()).add(new Needed(from, width));
  }

  /**
   * Places them.
   *
   * @param least between two
   * @param most between two, where nothing else needs more
   */
  void place(int least, int most) {
    TreeSet<Long> moments = new TreeSet<>(places.keySet());
    long longest = 1;
    Long before = null;
    for (long moment : moments) {
      longest = before == null ? longest : Math.max(longest, moment - before);
      before = moment;
    }
    before = null;
    for (long moment : moments) {
      int at = 0;
      if (before != null) {
        double share = Math.sqrt((moment - before) / (double) longest);
        int gap = Math.max(least, (int) Math.round(share * most));
        at = at(before) + Math.max(gap, rooms.getOrDefault(before, 0));
        for (Needed needed : needs.getOrDefault(moment, List.of())) {
          at = Math.max(at, at(needed.from) + needed.width);
        }
      }
      places.put(moment, at);
      before = moment;
    }
  }

  int at(long moment) {
    return Objects.requireNonNull(places.get(moment));
  }

  int width() {
    return places.isEmpty() ? 0 : places.lastEntry().getValue();
  }

  /** All moments, with their places. */
  SortedMap<Long, Integer> places() {
    return places;
  }
}
