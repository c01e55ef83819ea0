package io.gamut.replication.strong;

import io.gamut.core.Dot;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.Now;
import io.gamut.replication.committed.Command.Absorb;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;

/**
 * Offers weak updates to the ledger, while this replica leads it: those that are visible here and
 * not absorbed yet, each after what it depends on.
 *
 * <p>A few offers are under way at a time, so updates that come meanwhile share the next. Nothing
 * is lost when the lead is: whoever leads next begins behind what is absorbed.
 */
final class Absorbing {
  private static final int UNDER_WAY_MAX = 4;
  private static final int OFFER_BYTES = 256 << 10;

  /** After the ledger has refused an offer: it is full, or the lead is being handed over. */
  private static final long REFUSED_NANOS = 20_000_000;

  /**
   * After an offer that was not full: what comes meanwhile shares the next one, unless somebody
   * waits for it. Each costs every disk a write; the first after a silence does not wait.
   */
  private static final long GATHERING_NANOS = 50_000_000;

  private final Weak weak;
  private VersionVector offered = VersionVector.EMPTY;
  private int underWay;
  private boolean isRefused;
  private long refusedNanos;
  private boolean isGathering;
  private long gatheredNanos;
  private boolean isFull;

  /** What the leader's own replica holds of the weak world. */
  interface Weak {
    /** What its view shows. */
    VersionVector visible();

    /** Of dependencies what can be waited for: the rest is gone for good. */
    VersionVector reachable(VersionVector dependencies);

    /** Updates of an origin, ascending; stops after the one that reaches {@code bytesMax}. */
    List<Update> read(Origin origin, long first, long last, int bytesMax);
  }

  /** Puts a command into the own ledger. */
  @FunctionalInterface
  interface Own {
    void propose(Absorb command);
  }

  Absorbing(Weak weak) {
    this.weak = weak;
  }

  /** The lead was won, or something that was offered will not come: begins behind what is there. */
  void restart(VersionVector absorbed) {
    offered = absorbed;
    underWay = 0;
  }

  /** The ledger does not take an offer now: offers it again a little later. */
  void onRefused(VersionVector absorbed, Now now) {
    restart(absorbed);
    isRefused = true;
    refusedNanos = now.nanos();
  }

  /** Somebody waits for what gathers: it is offered at once. */
  void hurry() {
    isGathering = false;
  }

  /** One offer has been applied. */
  void onApplied() {
    underWay = Math.max(0, underWay - 1);
  }

  /** Offers what can be offered now. */
  void advance(VersionVector absorbed, Now now, Own ledger) {
    isRefused &= now.nanos() - refusedNanos < REFUSED_NANOS;
    isGathering &= now.nanos() - gatheredNanos < 0;
    offered = underWay == 0 ? absorbed : offered.join(absorbed);
    while (!isRefused
        && !isGathering
        && underWay < UNDER_WAY_MAX
        && !offered.covers(weak.visible())) {
      List<Update> next = next(now);
      if (next.isEmpty()) {
        return;
      }
      if (!isFull) {
        isGathering = true;
        gatheredNanos = now.nanos() + GATHERING_NANOS;
      }
      underWay++;
      ledger.propose(new Absorb(next));
    }
  }

  /** When what has gathered is to be offered; {@code otherwise} when nothing gathers. */
  long wakeAtNanos(long otherwise) {
    return isGathering && gatheredNanos - otherwise < 0 ? gatheredNanos : otherwise;
  }

  /** Visible updates in an order in which each follows its dependencies. */
  private List<Update> next(Now now) {
    List<Update> chosen = new ArrayList<>();
    VersionVector visible = weak.visible();
    int[] bytesLeft = {OFFER_BYTES};
    boolean isMore = true;
    while (isMore && bytesLeft[0] > 0) {
      int before = chosen.size();
      visible.forEach((origin, last) -> choose(origin, last, now, chosen, bytesLeft));
      isMore = chosen.size() > before;
    }
    isFull = bytesLeft[0] <= 0;
    return chosen;
  }

  /** What is stamped too far ahead waits for its time: it would take the clocks of all with it. */
  private void choose(Origin origin, long last, Now now, List<Update> chosen, int[] bytesLeft) {
    long after = offered.get(origin);
    if (after >= last || bytesLeft[0] <= 0) {
      return;
    }
    for (Update update : weak.read(origin, after + 1, last, bytesLeft[0])) {
      Dot dot = update.dot();
      VersionVector needed = weak.reachable(update.dependencies());
      if (dot.sequence() != offered.get(origin) + 1
          || !offered.covers(needed)
          || !OwnClock.isNear(update.version().timestamp(), now)) {
        return;
      }
      chosen.add(update);
      offered = offered.raisedTo(dot);
      bytesLeft[0] -= update.size();
    }
  }
}
