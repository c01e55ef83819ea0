package io.gamut.replication.strong;

import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import io.gamut.replication.Promise;
import io.gamut.replication.committed.Command.RaiseFloor;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.strong.StrongMessage.Promised;
import java.util.ArrayList;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects tombstones: while there are some, every member promises from time to time not to stamp
 * up to a bound any more, and the leader has the floor raised to the lowest of these bounds.
 *
 * <p>When there is nothing to collect nobody says anything, so an idle cluster is silent.
 */
final class Collecting {
  private final StateMachine machine;
  private final long intervalNanos;
  private final TreeMap<Participant, Promised> promises = new TreeMap<>();
  private boolean wantsPromise;
  private long nextPromiseNanos;
  private long nextRaiseNanos;

  /**
   * @param intervalNanos between two promises of a member, and between two raises of the floor
   */
  Collecting(StateMachine machine, long intervalNanos, Now now) {
    this.machine = machine;
    this.intervalNanos = intervalNanos;
    nextPromiseNanos = now.nanos();
    nextRaiseNanos = now.nanos();
  }

  // A member

  /** Has a promise made, and tells the leader the last one that is durable. */
  void advance(
      Participant self,
      @Nullable Participant leader,
      @Nullable Promise kept,
      Now now,
      StrongEffects effects) {
    boolean isMember = machine.applied().configuration().contains(self);
    boolean isDue = machine.isCollectable() && now.nanos() - nextPromiseNanos >= 0;
    if (!isDue || !isMember || leader == null) {
      return;
    }
    nextPromiseNanos = now.nanos() + intervalNanos / 2;
    wantsPromise = true;
    if (kept != null && Long.compareUnsigned(kept.bound(), machine.floor()) > 0) {
      Promised promised = new Promised(self, kept.bound(), kept.received());
      if (leader.equals(self)) {
        onPromised(promised);
      } else {
        effects.tell(leader.node(), promised);
      }
    }
  }

  /** Whether a new promise is to be made; asked once for each. */
  boolean takeWantsPromise() {
    boolean wanted = wantsPromise;
    wantsPromise = false;
    return wanted;
  }

  // The leader

  void onPromised(Promised promised) {
    if (machine.applied().configuration().contains(promised.member())) {
      promises.put(promised.member(), promised);
    }
  }

  /** Has the floor raised, if it is time and may be. */
  void lead(Now now, OwnLedger ledger) {
    if (!machine.isCollectable() || now.nanos() - nextRaiseNanos < 0) {
      return;
    }
    Configuration members = machine.applied().configuration();
    promises.keySet().removeIf(member -> !members.contains(member));
    RaiseFloor raise = gathered(members);
    if (raise != null) {
      nextRaiseNanos = now.nanos() + intervalNanos;
      ledger.propose(raise);
    }
  }

  /** What everybody has promised; null if the state machine would not take it. */
  private @Nullable RaiseFloor gathered(Configuration members) {
    if (!promises.keySet().containsAll(members.everyone())
        || !machine.areGoneDisksClosed()
        || !machine.ends().areReachedBy(machine.absorbed())) {
      return null;
    }
    long floor = Long.MAX_VALUE;
    VersionVector promised = VersionVector.EMPTY;
    for (Promised each : promises.values()) {
      floor = Math.min(floor, each.bound());
      promised = promised.join(each.received());
    }
    boolean isAbsorbed = machine.absorbed().covers(machine.ends().reachable(promised));
    return isAbsorbed && floor > machine.floor()
        ? new RaiseFloor(floor, new ArrayList<>(promises.keySet()), promised)
        : null;
  }
}
