package io.gamut.simulator.model;

/** What a replica shows: section 1. */
final class View {
  /**
   * What a read finds at a key.
   *
   * @param dot of the tentative update, or 0 if it is the committed pair or there is none
   */
  record Shown(int version, int write, int dot, int past) {}

  private final Fault fault;

  View(Fault fault) {
    this.fault = fault;
  }

  /** The greatest vector of what is absorbed, or received with all that it depends on. */
  int visible(State state, int replica) {
    Committed committed = state.committed(replica);
    int visible = committed.absorbed();
    int before;
    do {
      before = visible;
      for (Update update : state.updates) {
        int origin = update.origin();
        if (update.sequence() == Vector.get(visible, origin) + 1
            && update.isWithin(state.held[replica])
            && !(committed.isClosed(origin) && update.sequence() > committed.end(origin))
            && areSatisfied(update, visible, committed, state.applied[replica])) {
          visible = Vector.with(visible, origin, update.sequence());
        }
      }
    } while (visible != before);
    return visible;
  }

  boolean areSatisfied(Update update, int visible, Committed committed, int applied) {
    return fault == Fault.SHOWN_WITHOUT_DEPENDENCIES
        || (committed.areCovered(update.deps(), visible) && update.index() <= applied);
  }

  /** The later of the committed pair and the visible tentative updates. */
  Shown shown(State state, int replica, int key) {
    return shown(state, replica, key, visible(state, replica));
  }

  Shown shown(State state, int replica, int key, int visible) {
    Committed committed = state.committed(replica);
    Shown shown = pair(committed, key);
    int threshold =
        fault == Fault.BELOW_FLOOR_SHOWN && committed.pair(key).isNone()
            ? committed.range()
            : shown.version;
    for (Update update : state.updates) {
      if (update.key() == key
          && update.isWithin(visible)
          && !update.isWithin(committed.absorbed())
          && update.version() > threshold) {
        threshold = update.version();
        shown = new Shown(update.version(), update.write(), update.dot(), update.past());
      }
    }
    return shown;
  }

  Shown pair(Committed committed, int key) {
    return new Shown(committed.version(key), committed.pair(key).write(), 0, 0);
  }
}
