package io.gamut.simulator.model;

import io.gamut.simulator.model.Entry.Absorb;
import io.gamut.simulator.model.Entry.Admit;
import io.gamut.simulator.model.Entry.Close;
import io.gamut.simulator.model.Entry.RaiseFloor;
import io.gamut.simulator.model.Entry.Strong;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What replicas, network and operator do: all but the sessions. */
final class LedgerSteps {
  private static final int LEDGER_MAX = 15;

  private final Scope scope;
  private final Fault fault;
  private final View view;
  private final State.Numbers numbers;

  LedgerSteps(Scope scope, Fault fault, View view, State.Numbers numbers) {
    this.scope = scope;
    this.fault = fault;
    this.view = view;
    this.numbers = numbers;
  }

  void addTo(Steps steps, State state) {
    offer(steps, state);
    for (Entry entry : state.proposals) {
      append(steps, state, entry, !(entry instanceof RaiseFloor));
    }
    for (int r = 0; r < state.replicas(); r++) {
      if (state.isAlive(r)) {
        apply(steps, state, r);
        receive(steps, state, r);
        offerAgain(steps, state, r);
        lose(steps, state, r);
        promise(steps, state, r);
      }
      closeOrigin(steps, state, r);
    }
    closeLower(steps, state);
    raiseFloor(steps, state);
  }

  /** An offer may be under way long after its update's last holder is gone. */
  private void offer(Steps steps, State state) {
    for (Update update : state.updates) {
      append(steps, state, new Absorb(update), isHeld(state, update));
    }
  }

  private static boolean isHeld(State state, Update update) {
    for (int r = 0; r < state.replicas(); r++) {
      if (state.isAlive(r) && update.isWithin(state.held[r])) {
        return true;
      }
    }
    return false;
  }

  private void append(Steps steps, State state, Entry entry, boolean isProgress) {
    Prefix longer = state.ledger.length() == LEDGER_MAX ? null : state.ledger.with(entry);
    if (longer != null) {
      State next = state.copy();
      next.ledger = longer;
      steps.add(next, () -> "the ledger takes " + entry, isProgress, longer.last().broken());
    }
  }

  private void apply(Steps steps, State state, int r) {
    if (state.applied[r] == state.ledger.length()) {
      return;
    }
    State next = state.copy();
    next.applied[r]++;
    Committed committed = next.committed(r);
    next.held[r] = Vector.join(next.held[r], committed.absorbed());
    if (committed.isClosed(next.origin[r])) {
      next.origin[r] = next.origins++;
      next.propose(new Admit(next.origin[r]), numbers);
    }
    steps.progress(next, () -> "replica " + r + " applies entry " + next.applied[r]);
  }

  /** In the order of each origin; the sender may be gone by then. */
  private void receive(Steps steps, State state, int r) {
    Committed committed = state.committed(r);
    for (Update update : state.updates) {
      int origin = update.origin();
      if (update.sequence() == Vector.get(state.held[r], origin) + 1
          && !(committed.isClosed(origin) && update.sequence() > committed.end(origin))
          && !isFenced(state, update)) {
        State next = state.copy();
        next.held[r] = Vector.with(next.held[r], origin, update.sequence());
        steps.add(next, () -> "replica " + r + " receives " + update, isHeld(state, update), null);
      }
    }
  }

  /** Who has said how much it holds of an origin takes no more of it than the end will be. */
  private boolean isFenced(State state, Update update) {
    Committed last = state.ledger.last();
    if (fault == Fault.NOT_FENCED) {
      return false;
    }
    if (last.isClosed(update.origin()) && update.sequence() > last.end(update.origin())) {
      return true;
    }
    for (Entry entry : state.proposals) {
      if (entry instanceof Close close
          && close.origin() == update.origin()
          && update.sequence() > close.last()
          && state.ledger.with(close) != null) {
        return true;
      }
    }
    return false;
  }

  /** Beyond the end of a closed origin, what is still held goes under an origin of the holder. */
  private void offerAgain(Steps steps, State state, int r) {
    Committed committed = state.committed(r);
    for (int origin = 0; origin < state.origins; origin++) {
      if (committed.isClosed(origin)
          && Vector.get(state.held[r], origin) > committed.end(origin)
          && fault != Fault.NOT_OFFERED_AGAIN) {
        State next = offeredAgain(state, r, origin, committed.end(origin));
        if (next != null) {
          int closed = origin;
          steps.progress(
              next,
              () -> "replica " + r + " offers again what it holds beyond the end of " + closed);
        }
      }
    }
  }

  private @Nullable State offeredAgain(State state, int r, int origin, int end) {
    State next = state.copy();
    int own = state.origin[r];
    for (int s = end + 1; s <= Vector.get(state.held[r], origin); s++) {
      Update old = Objects.requireNonNull(state.update(origin, s));
      int visible = view.visible(next, r);
      if (fault != Fault.OFFERED_AGAIN_UNSEEN
          && !view.areSatisfied(old, visible, state.committed(r), state.applied[r])) {
        return null;
      }
      int sequence = Vector.get(next.held[r], own) + 1;
      next.add(
          new Update(
              own,
              sequence,
              old.version(),
              Vector.raised(old.deps(), own, sequence - 1),
              old.asked(),
              old.index(),
              old.key(),
              old.isLive(),
              old.write(),
              old.past(),
              r,
              true));
      next.held[r] = Vector.with(next.held[r], own, sequence);
    }
    next.held[r] = Vector.with(next.held[r], origin, end);
    return next;
  }

  private void lose(Steps steps, State state, int r) {
    int lostAlready = Integer.bitCount(state.lost);
    if (lostAlready < scope.losses() && lostAlready + 1 < state.replicas()) {
      State next = state.copy();
      next.lost |= 1 << r;
      next.applied[r] = 0;
      next.held[r] = 0;
      next.clock[r] = 0;
      next.promise[r] = 0;
      next.promisesGiven[r] = 0;
      steps.chance(next, () -> "replica " + r + " loses its disk");
    }
  }

  /** At the operator's word, who may be wrong; the survivors are asked what they hold. */
  private void closeOrigin(Steps steps, State state, int r) {
    int origin = state.origin[r];
    boolean isMistake = state.isAlive(r);
    if ((isMistake && state.mistakes == scope.mistakes()) || isClosing(state, origin)) {
      return;
    }
    int last = heldBySurvivors(state, r, origin);
    if (last < 0) {
      return;
    }
    State next = state.copy();
    next.mistakes += isMistake ? 1 : 0;
    next.propose(new Close(origin, last, asked(state)), numbers);
    steps.add(next, () -> "origin " + origin + " is to be closed at " + last, !isMistake, null);
  }

  /** Whether an origin is closed or will be. */
  static boolean isClosing(State state, int origin) {
    if (state.ledger.last().isClosed(origin)) {
      return true;
    }
    for (Entry entry : state.proposals) {
      if (entry instanceof Close close
          && close.origin() == origin
          && state.ledger.with(close) != null) {
        return true;
      }
    }
    return false;
  }

  /** Whoever is not asked is gone. */
  private static int asked(State state) {
    int asked = 0;
    for (int r = 0; r < state.replicas(); r++) {
      asked |= 1 << state.origin[r];
    }
    return asked;
  }

  /** The highest sequence; -1 if nobody is left to ask. */
  private static int heldBySurvivors(State state, int gone, int origin) {
    int highest = -1;
    for (int r = 0; r < state.replicas(); r++) {
      if (r != gone && state.isAlive(r) && !isClosing(state, state.origin[r])) {
        highest = Math.max(highest, Vector.get(state.held[r], origin));
      }
    }
    return highest;
  }

  /** After another loss, what a closed origin was to end with may be gone too. */
  private void closeLower(Steps steps, State state) {
    Committed last = state.ledger.last();
    for (int o = 0; o < state.origins && state.lost != 0; o++) {
      int origin = o;
      int held = Math.max(heldBySurvivors(state, -1, o), Vector.get(last.absorbed(), o));
      if (last.isClosed(o) && held < last.end(o)) {
        Entry close = new Close(origin, held, asked(state));
        if (!Arrays.asList(state.proposals).contains(close)) {
          State next = state.copy();
          next.propose(close, numbers);
          steps.progress(next, () -> "origin " + origin + " is to be closed lower, at " + held);
        }
      }
    }
  }

  private void promise(Steps steps, State state, int r) {
    int bound = Stamp.last(latestTime(state));
    if (state.promisesGiven[r] < scope.promises() && bound > state.promise[r]) {
      State next = state.copy();
      next.promise[r] = bound;
      next.promisesGiven[r]++;
      steps.chance(
          next, () -> "replica " + r + " promises not to stamp up to " + Stamp.text(bound));
    }
  }

  private static int latestTime(State state) {
    int latest = 0;
    for (Update update : state.updates) {
      latest = Math.max(latest, update.version());
    }
    for (int k = 0; k < Stamp.KEYS; k++) {
      latest = Math.max(latest, Stamp.get(state.ledger.last().newest(), k));
    }
    for (Entry entry : state.proposals) {
      if (entry instanceof Strong strong) {
        latest = Math.max(latest, strong.stamp());
      }
    }
    return Stamp.time(latest);
  }

  /** The floor is proposed at each height that somebody has promised. */
  private void raiseFloor(Steps steps, State state) {
    Committed last = state.ledger.last();
    for (int r = 0; r < state.replicas(); r++) {
      int floor = state.promise[r];
      if (floor <= last.floor()) {
        continue;
      }
      RaiseFloor raise = gathered(state, floor);
      boolean isPromised = (last.open() & ~raise.promisers()) == 0;
      if (isPromised || fault == Fault.FLOOR_WITHOUT_PROMISES) {
        State next = state.copy();
        next.propose(raise, numbers);
        if (next.proposals.length > state.proposals.length) {
          steps.chance(next, () -> "promises are gathered: " + raise);
        }
      }
    }
  }

  private static RaiseFloor gathered(State state, int floor) {
    int promisers = 0;
    int promised = 0;
    for (int r = 0; r < state.replicas(); r++) {
      if (state.promise[r] >= floor) {
        promisers |= 1 << state.origin[r];
      }
    }
    for (Update update : state.updates) {
      if ((promisers >>> update.origin() & 1) == 1
          && update.version() <= floor
          && !update.isAgain()) {
        promised = Vector.raised(promised, update.origin(), update.sequence());
      }
    }
    return new RaiseFloor(floor, promisers, promised);
  }
}
