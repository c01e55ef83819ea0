package io.gamut.replication;

import io.gamut.core.Dot;
import io.gamut.core.Limits;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Takes updates in, each once and without gaps.
 *
 * <p>Two vectors: <em>accepted</em> is what has been given to the journal, <em>received</em> what
 * is durable there. Only the second is ever told to others; the first decides what is new. An
 * update that comes before its predecessor waits in a small room of bounded size, or is forgotten
 * and asked for again later.
 */
final class Reception {
  private static final int EARLY_BYTES_MAX = 4 << 20;

  private final TreeMap<Dot, Update> early = new TreeMap<>();
  private int earlyBytes;
  private VersionVector accepted;
  private VersionVector received;

  Reception(VersionVector received) {
    this.accepted = received;
    this.received = received;
  }

  VersionVector accepted() {
    return accepted;
  }

  VersionVector received() {
    return received;
  }

  /**
   * Of these updates, and of what waited for them, those that are next of their origins: they must
   * be given to the journal now, in this order. Repeats are left out; early ones wait.
   */
  List<Update> accept(List<Update> updates) {
    List<Update> next = new ArrayList<>(updates.size());
    for (Update update : updates) {
      if (!hasRoomFor(update.dot().origin())) {
        continue;
      }
      if (isNext(update.dot())) {
        accepted = accepted.raisedTo(update.dot());
        next.add(update);
      } else if (!accepted.covers(update.dot())) {
        keepEarly(update);
      }
    }
    takeEarly(next);
    return next;
  }

  /**
   * Whether the vectors can hold this origin: they have a limit, so that messages and tokens have
   * one.
   */
  boolean hasRoomFor(Origin origin) {
    return accepted.get(origin) > 0 || accepted.size() < Limits.ORIGINS_MAX;
  }

  /** Whether all that was written on a disk of this incarnation is within a vector. */
  boolean isWithin(long incarnation, VersionVector vector) {
    boolean[] isWithin = {true};
    accepted.forEach(
        (origin, last) -> isWithin[0] &= !origin.isOf(incarnation) || vector.get(origin) >= last);
    return isWithin[0];
  }

  private boolean isNext(Dot dot) {
    return accepted.get(dot.origin()) + 1 == dot.sequence();
  }

  private void keepEarly(Update update) {
    if (earlyBytes + update.size() <= EARLY_BYTES_MAX && early.put(update.dot(), update) == null) {
      earlyBytes += update.size();
    }
  }

  /** Dots sort by origin and sequence, so one pass finds every run that now continues. */
  private void takeEarly(List<Update> next) {
    if (early.isEmpty()) {
      return;
    }
    early
        .entrySet()
        .removeIf(entry -> {
          boolean isNext = isNext(entry.getKey());
          boolean isDone = isNext || accepted.covers(entry.getKey());
          if (isNext) {
            accepted = accepted.raisedTo(entry.getKey());
            next.add(entry.getValue());
          }
          if (isDone) {
            earlyBytes -= entry.getValue().size();
          }
          return isDone;
        });
  }

  /** Forgets what waits: a server's new life may contradict what its old life sent last. */
  void forgetEarly() {
    early.clear();
    earlyBytes = 0;
  }

  /**
   * Accepts an origin's updates up to {@code through}, the gaps among them for good.
   *
   * @return those that are new: they must be given to the journal now, in this order
   */
  List<Update> acceptGapped(Origin origin, long through, List<Update> updates) {
    List<Update> next = new ArrayList<>(updates.size());
    for (Update update : updates) {
      if (!accepted.covers(update.dot())) {
        next.add(update);
      }
    }
    accepted = accepted.raisedTo(new Dot(origin, through));
    return next;
  }

  /**
   * Goes back to {@code remaining} wherever more was received; what has been accepted since and is
   * not durable yet, which are own updates, stays.
   */
  void fallBackTo(VersionVector remaining) {
    VersionVector before = received;
    before.forEach((origin, last) -> {
      if (last > remaining.get(origin)) {
        accepted = accepted.with(origin, remaining.get(origin));
        received = received.with(origin, remaining.get(origin));
      }
    });
    forgetEarly();
  }

  /** Accepts an own update, which always is the next of its origin. */
  void acceptOwn(Dot dot) {
    if (!isNext(dot)) {
      throw new IllegalStateException(dot + " is not the next own update: " + accepted);
    }
    accepted = accepted.raisedTo(dot);
  }

  /** An accepted update is durable: the next of its origin, since the journal keeps the order. */
  void onDurable(Dot dot) {
    if (received.get(dot.origin()) + 1 != dot.sequence()) {
      throw new IllegalStateException(dot + " became durable out of turn: " + received);
    }
    onDurableThrough(dot);
  }

  /** All that was accepted of an origin up to this dot is durable, gaps included. */
  void onDurableThrough(Dot dot) {
    if (!accepted.covers(dot)) {
      throw new IllegalStateException(dot + " is durable but was never accepted: " + accepted);
    }
    received = received.raisedTo(dot);
  }
}
