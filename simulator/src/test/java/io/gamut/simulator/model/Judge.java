package io.gamut.simulator.model;

import io.gamut.simulator.model.Entry.Strong;
import org.jspecify.annotations.Nullable;

/**
 * What holds in every state, beside what the steps themselves check. It asks the replicas only for
 * what they show, and has no faults.
 */
final class Judge {
  private final View view;

  Judge(View view) {
    this.view = view;
  }

  /** What is broken in a state; null if nothing is. */
  @Nullable String broken(State state) {
    Committed last = state.ledger.last();
    for (Update update : state.updates) {
      if (update.isWithin(last.absorbed())
          && !Vector.covers(last.absorbed(), cut(update.deps(), last))) {
        return "causes come before effects in the ledger";
      }
    }
    for (int r = 0; r < state.replicas(); r++) {
      if (state.isAlive(r)) {
        String broken = broken(state, r);
        if (broken != null) {
          return broken + " (replica " + r + ")";
        }
      }
    }
    return null;
  }

  private @Nullable String broken(State state, int r) {
    Committed committed = state.committed(r);
    int visible = view.visible(state, r);
    int shown = 0;
    for (int k = 0; k < Stamp.KEYS; k++) {
      int version = view.shown(state, r, k, visible).version();
      if (version < Stamp.get(committed.newest(), k)) {
        return "a view is never older than what is committed";
      }
      shown = Stamp.raised(shown, k, version);
    }
    for (Update update : state.updates) {
      if (committed.pair(update.key()).version() == update.version()
          && committed.pair(update.key()).write() != update.write()) {
        return "a version of a key names one write";
      }
      String broken = update.isWithin(visible) ? brokenBy(update, state, r, visible, shown) : null;
      if (broken != null) {
        return broken;
      }
      if (update.acceptor() == r && update.origin() == state.origin[r]) {
        if (!update.isWithin(visible)) {
          return "a replica shows what it accepted";
        }
        Committed last = state.ledger.last();
        if (!update.isAgain()
            && !LedgerSteps.isClosing(state, update.origin())
            && cut(update.deps(), last) != update.deps()) {
          return "an update loses a dependency only if its replica is lost or removed";
        }
      }
    }
    return null;
  }

  private static @Nullable String brokenBy(
      Update update, State state, int r, int visible, int shown) {
    Committed committed = state.committed(r);
    if (!Vector.covers(visible, cut(update.deps(), committed))
        || update.index() > state.applied[r]) {
      return "no replica shows an update before its dependencies";
    }
    boolean isNothingVoid = cut(update.deps(), state.ledger.last()) == update.deps();
    if (isNothingVoid && Stamp.join(shown, update.past()) != shown) {
      return "no replica shows an effect before its causes";
    }
    return null;
  }

  /** A vector, cut at the ends of closed origins. */
  private static int cut(int deps, Committed committed) {
    int cut = deps;
    for (int o = 0; o < Vector.ORIGINS; o++) {
      if (committed.isClosed(o) && Vector.get(deps, o) > committed.end(o)) {
        cut = Vector.with(cut, o, committed.end(o));
      }
    }
    return cut;
  }

  /** What is broken when there is nothing left that must happen. */
  @Nullable String brokenInTheEnd(State state, boolean isSessionStuck) {
    Committed last = state.ledger.last();
    if (isSessionStuck) {
      return "no session waits for ever";
    }
    for (Update update : state.updates) {
      if (state.isAlive(update.acceptor()) && !last.isSettled(update.write())) {
        return "what is on a disk that lives is absorbed in the end";
      }
    }
    for (int r = 0; r < state.replicas(); r++) {
      if (state.isAlive(r) && !Vector.covers(last.absorbed(), state.held[r])) {
        return "what is held is absorbed in the end (replica " + r + ")";
      }
    }
    for (Entry entry : state.proposals) {
      if (entry instanceof Strong strong && strong.number() >= last.nextNumber(strong.session())) {
        return "a strong operation is answered in the end";
      }
    }
    return last.areClosedOnesAbsorbed() ? null : "the floor can rise in the end";
  }
}
