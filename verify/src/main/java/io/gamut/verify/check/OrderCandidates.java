package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.history.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What may come next in an order of requests, while they are put into it one by one, and taken out
 * again, the last one first. Requests stand in lanes by their invocation. In a lane that is bound
 * those that bind it are required ones; what begins after the first of these that is not done yet
 * has to wait for it. So only the first few of a lane are looked at.
 */
final class OrderCandidates {
  private static final int NONE = -1;

  /** A lane; its number is that of the head of its list. */
  private static final class Lane {
    final List<Integer> requests = new ArrayList<>();
    final List<Integer> binding = new ArrayList<>();

    /** The first of the binding ones that is not done, or one before it. */
    int first;
  }

  private final List<Request> requests;
  private final int requiredCount;
  private final boolean isInRealTime;
  private final List<Lane> lanes = new ArrayList<>();
  private final boolean[] isDone;
  private final int[] before;
  private final int[] after;

  /** Per required request, which lane it binds, and its place among those that do. */
  private final int[] bound;

  private final int[] places;

  /**
   * Those of an order that agrees with real time, or with the order of each session.
   *
   * @param requests the required ones, and behind them the others, each in the order of invocation
   */
  OrderCandidates(List<Request> requests, int requiredCount, boolean isInRealTime) {
    this.requests = requests;
    this.requiredCount = requiredCount;
    this.isInRealTime = isInRealTime;
    isDone = new boolean[requests.size()];
    bound = new int[requiredCount];
    places = new int[requiredCount];
    Arrays.fill(bound, NONE);
    if (isInRealTime) {
      fillInRealTime();
    } else {
      fillInSessions();
    }
    before = new int[requests.size() + lanes.size()];
    after = new int[requests.size() + lanes.size()];
    for (int i = 0; i < lanes.size(); i++) {
      link(lanes.get(i), requests.size() + i);
      bind(lanes.get(i), i);
    }
  }

  private void fillInRealTime() {
    Lane bound = new Lane();
    Lane free = new Lane();
    for (int i = 0; i < requests.size(); i++) {
      (Steps.mayReadThePast(requests.get(i)) ? free : bound).requests.add(i);
      if (i < requiredCount) {
        bound.binding.add(i);
      }
    }
    lanes.add(bound);
    lanes.add(free);
  }

  private void fillInSessions() {
    Lane free = new Lane();
    lanes.add(free);
    Map<Integer, Lane> ofSessions = new HashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      Lane ofSession =
          ofSessions.computeIfAbsent(
              request.session(),
              _ -> {
                lanes.add(new Lane());
                return lanes.getLast();
              });
      (request.isAtLeast(Consistency.CAUSAL) ? ofSession : free).requests.add(i);
      if (i < requiredCount) {
        ofSession.binding.add(i);
      }
    }
  }

  private void link(Lane lane, int head) {
    lane.requests.sort(Comparator.comparingLong(i -> requests.get(i).invoked()));
    int last = head;
    for (int request : lane.requests) {
      before[request] = last;
      after[last] = request;
      last = request;
    }
    before[head] = last;
    after[last] = head;
  }

  private void bind(Lane lane, int number) {
    lane.binding.sort(Comparator.comparingLong(this::until));
    for (int i = 0; i < lane.binding.size(); i++) {
      bound[lane.binding.get(i)] = number;
      places[lane.binding.get(i)] = i;
    }
  }

  /** Until when others may begin that do not wait for a request. */
  private long until(int request) {
    return isInRealTime ? requests.get(request).responded() : requests.get(request).invoked();
  }

  /** All that may come next, the required ones first, each in the order of invocation. */
  int[] next() {
    int[] found = new int[16];
    int count = 0;
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      long until = until(lane);
      int head = requests.size() + i;
      for (int at = after[head];
          at != head && requests.get(at).invoked() <= until;
          at = after[at]) {
        found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
        found[count++] = at;
      }
    }
    int[] next = Arrays.copyOf(found, count);
    Arrays.sort(next);
    return next;
  }

  private long until(Lane lane) {
    while (lane.first < lane.binding.size() && isDone[lane.binding.get(lane.first)]) {
      lane.first++;
    }
    return lane.first == lane.binding.size() ? Long.MAX_VALUE : until(lane.binding.get(lane.first));
  }

  /** How much it costs to look for what may come next, beside what is found. */
  int lanes() {
    return lanes.size();
  }

  /** Puts one into the order. */
  void put(int request) {
    isDone[request] = true;
    after[before[request]] = after[request];
    before[after[request]] = before[request];
  }

  /** Takes out the one that was put last. */
  void takeBack(int request) {
    isDone[request] = false;
    after[before[request]] = request;
    before[after[request]] = request;
    if (request < requiredCount && bound[request] != NONE) {
      Lane lane = lanes.get(bound[request]);
      lane.first = Math.min(lane.first, places[request]);
    }
  }
}
