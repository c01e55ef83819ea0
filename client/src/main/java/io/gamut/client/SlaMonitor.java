package io.gamut.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which alternatives could not be had lately, so that not every call of a partition waits
 * for what it cannot get. Safe for use by several threads.
 */
final class SlaMonitor {
  static final int MISSES_MAX = 3;
  static final int PROBE_MILLIS = 100;

  /** Programs have a handful of SLAs; one that makes them up as it goes is not remembered. */
  private static final int ALTERNATIVES_MAX = 1_024;

  private static final class Memory {
    private int misses;
    private long probedNanos;

    synchronized boolean isWorthTrying(long nowNanos) {
      if (misses < MISSES_MAX) {
        return true;
      }
      if (nowNanos - probedNanos < PROBE_MILLIS * 1_000_000L) {
        return false;
      }
      probedNanos = nowNanos;
      return true;
    }

    synchronized void onMissed(long nowNanos) {
      misses++;
      probedNanos = nowNanos;
    }

    synchronized void onHad() {
      misses = 0;
    }
  }

  private final ConcurrentHashMap<Sla.Alternative, Memory> memories = new ConcurrentHashMap<>();

  /** Ranks of an SLA's alternatives in the order in which to try them. */
  List<Integer> order(Sla sla) {
    List<Integer> order = new ArrayList<>();
    List<Integer> behind = new ArrayList<>();
    long now = System.nanoTime();
    for (int rank = 0; rank < sla.alternatives().size(); rank++) {
      Memory memory = memories.get(sla.alternatives().get(rank));
      (memory == null || memory.isWorthTrying(now) ? order : behind).add(rank);
    }
    order.addAll(behind);
    return order;
  }

  void onHad(Sla.Alternative alternative) {
    Memory memory = memories.get(alternative);
    if (memory != null) {
      memory.onHad();
    }
  }

  void onMissed(Sla.Alternative alternative) {
    if (memories.size() < ALTERNATIVES_MAX || memories.containsKey(alternative)) {
      memories.computeIfAbsent(alternative, _ -> new Memory()).onMissed(System.nanoTime());
    }
  }
}
