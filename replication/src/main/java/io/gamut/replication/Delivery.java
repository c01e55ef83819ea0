package io.gamut.replication;

import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Causal delivery: shows received updates in the order of each origin, each after all that it
 * depends on (Ahamad et al., "Causal Memory", 1995; Birman, Schiper and Stephenson, 1991).
 *
 * <p><b>Why no reader sees an effect before its cause.</b> {@code visible} covers an update only if
 * it covers its dependencies and its predecessors and as much of the ledger is applied as it
 * depends on, and the weak world's part of the view shows exactly what {@code visible} covers,
 * except while it catches up. Dependencies name what was visible where the update was written, so
 * they form no circle and nothing waits for ever once everything has been received. What is gone
 * for good with a disk is waited for by nobody, once the ledger says so.
 *
 * <p><b>Catching up over gaps</b> (see {@link CatchUp}). Until what closes the gaps has been
 * received, nothing from elsewhere is shown. Then the view moves up in small steps, and {@link
 * #isSettled} is false: readers wait for those few steps. The replica's own writes do not wait:
 * they depend on what is visible here alone.
 */
final class Delivery {
  /** Updates shown in one step while catching up: bounds how long a step takes. */
  private static final int STEP_UPDATES_MAX = 512;

  private static final int READ_BYTES = 256 << 10;

  private static final ArrayDeque<Update> NONE = new ArrayDeque<>(1);

  private final UpdateStore store;
  private final TreeMap<Origin, ArrayDeque<Update>> heads = new TreeMap<>();
  private final CatchUp catchUp;
  private final LedgerProgress ledger;
  private VersionVector visible;

  Delivery(UpdateStore store, CatchUp catchUp, LedgerProgress ledger, VersionVector visible) {
    this.store = store;
    this.catchUp = catchUp;
    this.ledger = ledger;
    this.visible = visible;
  }

  VersionVector visible() {
    return visible;
  }

  /** Whether reads may be answered: not while the view is on its way over a barrier. */
  boolean isSettled() {
    return catchUp.isUnderWay() || visible.covers(catchUp.barrier());
  }

  /** Whether an update is the next of its origin, and all that it depends on is visible. */
  boolean mayShow(Update update) {
    return visible.get(update.dot().origin()) + 1 == update.dot().sequence()
        && visible.covers(ledger.reachable(update.dependencies()))
        && update.index() <= ledger.applied();
  }

  /** Shows one own update at once. */
  void showOwn(Update update) {
    if (!mayShow(update)) {
      throw new IllegalStateException(update.dot() + " is not the next to be shown: " + visible);
    }
    visible = visible.raisedTo(update.dot());
    store.show(update);
  }

  /** Shows those own updates that had to wait, after a restart, for the ledger to be applied. */
  void showRest(Origin own, VersionVector received) {
    long last = received.get(own);
    boolean isMore = true;
    while (isMore && visible.get(own) < last) {
      List<Update> next = store.read(own, visible.get(own) + 1, last, READ_BYTES);
      isMore = !next.isEmpty() && next.stream().allMatch(this::showIfReady);
    }
  }

  private boolean showIfReady(Update update) {
    boolean isReady = mayShow(update);
    if (isReady) {
      showOwn(update);
    }
    return isReady;
  }

  /** A hint that saves a look into the store: this update has just been received. */
  void onReceived(Update update) {
    Origin origin = update.dot().origin();
    boolean isNext = visible.get(origin) + 1 == update.dot().sequence();
    if (isNext && heads.getOrDefault(origin, NONE).isEmpty()) {
      heads.put(origin, new ArrayDeque<>(List.of(update)));
    }
  }

  /** Updates that were received, but not shown, are gone from the store. */
  void onDiscarded() {
    heads.clear();
  }

  /**
   * Shows what can be shown now.
   *
   * @return whether there may be more, in another step
   */
  boolean advance(VersionVector received) {
    // While catching up only what stood here before: after a restart it may wait for the ledger.
    VersionVector within = catchUp.told(received);
    int budget = STEP_UPDATES_MAX;
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Origin origin : behind(within)) {
        int shown = advanceOrigin(origin, within, budget);
        budget -= shown;
        progress |= shown > 0;
        if (budget <= 0) {
          return true;
        }
      }
    }
    return false;
  }

  private List<Origin> behind(VersionVector received) {
    List<Origin> origins = new ArrayList<>(2);
    received.forEach((origin, sequence) -> {
      if (visible.get(origin) < sequence) {
        origins.add(origin);
      }
    });
    return origins;
  }

  private int advanceOrigin(Origin origin, VersionVector received, int budget) {
    long last = received.get(origin);
    int shown = 0;
    while (shown < budget && visible.get(origin) < last) {
      ArrayDeque<Update> next = heads(origin, last);
      Update head = next.peekFirst();
      if (head != null && head.dot().sequence() > last) {
        head = null;
      }
      long gapEnd = head == null ? last : head.dot().sequence() - 1;
      if (gapEnd > visible.get(origin)) {
        // A gap has nothing to show and nothing to wait for; others may depend on its dots.
        visible = visible.with(origin, gapEnd);
        shown++;
      }
      if (head == null) {
        return shown;
      }
      if (!visible.covers(ledger.reachable(head.dependencies()))
          || head.index() > ledger.applied()) {
        return shown;
      }
      next.removeFirst();
      visible = visible.raisedTo(head.dot());
      store.show(head);
      shown++;
    }
    return shown;
  }

  /** The next updates of an origin that are not visible yet; empty when only gaps are left. */
  private ArrayDeque<Update> heads(Origin origin, long last) {
    ArrayDeque<Update> known = heads.get(origin);
    if (known == null || known.isEmpty()) {
      known = new ArrayDeque<>(store.read(origin, visible.get(origin) + 1, last, READ_BYTES));
      heads.put(origin, known);
    }
    return known;
  }
}
