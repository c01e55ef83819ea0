package io.gamut.simulator.model;

import io.gamut.simulator.model.Entry.Absorb;
import io.gamut.simulator.model.Entry.Admit;
import io.gamut.simulator.model.Entry.Close;
import io.gamut.simulator.model.Entry.Kind;
import io.gamut.simulator.model.Entry.RaiseFloor;
import io.gamut.simulator.model.Entry.Strong;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The committed state after a prefix of the ledger, and the rules of sections 2, 6 and 7. Not
 * changed once it has been given away.
 *
 * <p>For the judge it also keeps what a real replica would not: the newest version that ever took
 * effect at each key, and which writes took effect.
 */
final class Committed {
  /** What a key holds; version 0 stands for no pair. */
  record Pair(int version, int write, boolean isLive) {
    static final Pair NONE = new Pair(0, -1, false);

    boolean isNone() {
      return version == 0;
    }
  }

  /**
   * @param index of the entry that took effect
   * @param version of what the operation wrote or, if it wrote nothing, found
   */
  record Reply(int index, int version, boolean isLost) {}

  private final Fault fault;
  private Pair[] pairs = {Pair.NONE, Pair.NONE};
  private int absorbed;
  private int open;
  private int closed;
  private int ends;
  private int floor;
  private int range;
  private Reply[][] replies;
  private int newest;
  private int effective;
  private int settled;
  private @Nullable String broken;

  Committed(Fault fault, int replicas, int sessions) {
    this.fault = fault;
    this.open = (1 << replicas) - 1;
    this.replies = new Reply[sessions][0];
  }

  private Committed(Committed from) {
    fault = from.fault;
    pairs = from.pairs.clone();
    absorbed = from.absorbed;
    open = from.open;
    closed = from.closed;
    ends = from.ends;
    floor = from.floor;
    range = from.range;
    replies = from.replies.clone();
    newest = from.newest;
    effective = from.effective;
    settled = from.settled;
  }

  Pair pair(int key) {
    return pairs[key];
  }

  /** The version of the pair; a key without one counts as a tombstone of the {@link #base}. */
  int version(int key) {
    return pairs[key].isNone() ? base() : pairs[key].version;
  }

  /** The later of the floor and the newest range tombstone. */
  int base() {
    return Math.max(floor, range);
  }

  int absorbed() {
    return absorbed;
  }

  int floor() {
    return floor;
  }

  int range() {
    return range;
  }

  int open() {
    return open;
  }

  boolean isClosed(int origin) {
    return (closed >>> origin & 1) == 1;
  }

  /** The last sequence of a closed origin. */
  int end(int origin) {
    return Vector.get(ends, origin);
  }

  int newest() {
    return newest;
  }

  /** The latest version in the state. */
  int latest() {
    return Math.max(base(), Math.max(Stamp.get(newest, 0), Stamp.get(newest, 1)));
  }

  /** Whether a write was absorbed, with or without effect. */
  boolean isSettled(int write) {
    return (settled >>> write & 1) == 1;
  }

  /** The number that a proposer must send next. */
  int nextNumber(int session) {
    return replies[session].length;
  }

  @Nullable Reply reply(int session, int number) {
    return number < replies[session].length ? replies[session][number] : null;
  }

  /** What the last entry broke. */
  @Nullable String broken() {
    return broken;
  }

  /** Whether a vector reaches beyond the end of a closed origin. */
  boolean isVoid(int deps) {
    return reachable(deps) != deps;
  }

  /** The vector, cut at the ends of closed origins: what lies beyond can never be absorbed. */
  int reachable(int deps) {
    int reachable = deps;
    for (int o = 0; o < Vector.ORIGINS; o++) {
      if (isClosed(o) && Vector.get(deps, o) > end(o)) {
        reachable = Vector.with(reachable, o, fault == Fault.VOID_WITH_ALL_BEFORE ? 0 : end(o));
      }
    }
    return reachable;
  }

  /** Whether a vector covers dependencies, void ones left aside. */
  boolean areCovered(int deps, int vector) {
    return Vector.covers(vector, fault == Fault.VOID_NOT_SATISFIED ? deps : reachable(deps));
  }

  /** The state after an entry: this one if the entry takes no effect. */
  Committed apply(Entry entry, int index) {
    return switch (entry) {
      case Absorb(Update update) -> absorb(update);
      case Strong strong -> strong(strong, index);
      case Close close -> close(close);
      case RaiseFloor raise -> raiseFloor(raise);
      case Admit(int origin) -> admit(origin);
    };
  }

  private Committed absorb(Update update) {
    int origin = update.origin();
    boolean isNext = update.sequence() == Vector.get(absorbed, origin) + 1;
    boolean isBeyond = isClosed(origin) && update.sequence() > end(origin);
    boolean isTooEarly = !areCovered(update.deps(), absorbed);
    if (isRefused(!isNext, Fault.ABSORBED_OUT_OF_TURN)
        || isRefused(isBeyond, Fault.CLOSE_IGNORED)
        || isRefused(isTooEarly, Fault.ABSORBED_WITHOUT_DEPENDENCIES)) {
      return this;
    }
    Committed after = new Committed(this);
    after.absorbed = Vector.raised(absorbed, origin, update.sequence());
    after.settled |= 1 << update.write();
    if (!isNext || isBeyond) {
      after.broken = "an origin's updates are absorbed in order, once, and to its end only";
    }
    int key = update.key();
    boolean isAbsent = pairs[key].isNone();
    boolean isLater = update.version() > version(key);
    boolean isDiscarded = isAbsent && update.version() > range && update.version() <= floor;
    if (isDiscarded && !update.isAgain()) {
      after.broken = "an update is discarded only if its server was removed";
    }
    boolean isTakenByFault =
        switch (fault) {
          case OVERTAKING_NOT_CHECKED -> true;
          case BELOW_FLOOR_TAKEN -> isDiscarded;
          case RANGE_TOMBSTONE_NOT_CHECKED -> isAbsent && update.version() > floor;
          default -> false;
        };
    if (isLater || isTakenByFault) {
      after.put(key, new Pair(update.version(), update.write(), update.isLive()));
      after.takeEffect(update.write());
    }
    return after;
  }

  private boolean isRefused(boolean isAgainstTheRule, Fault without) {
    return isAgainstTheRule && fault != without;
  }

  private void put(int key, Pair pair) {
    if (pair.version <= Stamp.get(newest, key)) {
      broken = "versions that took effect at a key rise along the ledger";
    }
    pairs[key] = pair;
    newest = Stamp.raised(newest, key, pair.version);
  }

  private void takeEffect(int write) {
    if ((effective >>> write & 1) == 1) {
      broken = "a write takes effect once";
    }
    effective |= 1 << write;
  }

  private Committed strong(Strong strong, int index) {
    int next = nextNumber(strong.session());
    boolean isNext = strong.number() == next;
    boolean isTaken =
        isNext
            || fault == Fault.PROPOSERS_NOT_CHECKED
            || (fault == Fault.PROPOSERS_BY_MAXIMUM && strong.number() > next);
    boolean isVoid = isVoid(strong.deps()) && fault != Fault.STRONG_WAITS_FOR_VOID;
    boolean isTooEarly = !isVoid && !Vector.covers(absorbed, strong.deps());
    if (!isTaken || isRefused(isTooEarly, Fault.STRONG_WITHOUT_DEPENDENCIES)) {
      return this;
    }
    Committed after = new Committed(this);
    if (strong.number() > next) {
      after.broken = "a proposer's operations take effect in its order";
    }
    int version = isVoid ? 0 : after.perform(strong);
    Reply[] kept = Arrays.copyOf(replies[strong.session()], Math.max(next, strong.number() + 1));
    kept[strong.number()] = new Reply(index, version, isVoid);
    after.replies[strong.session()] = kept;
    return after;
  }

  /** Reads and writes, and gives back the version that it wrote or found. */
  private int perform(Strong strong) {
    int key = strong.key();
    if (strong.kind() == Kind.SET_IF_ABSENT && pairs[key].isLive) {
      return pairs[key].version;
    }
    takeEffect(strong.write());
    if (strong.kind() == Kind.DELETE_ALL) {
      int version = effectiveVersion(strong.stamp(), Math.max(version(0), version(1)));
      for (int k = 0; k < Stamp.KEYS; k++) {
        put(k, new Pair(version, strong.write(), false));
        pairs[k] = Pair.NONE;
      }
      range = version;
      return version;
    }
    boolean isBlind = pairs[key].isNone() && fault == Fault.STRONG_BELOW_FLOOR;
    int version = effectiveVersion(strong.stamp(), isBlind ? range : version(key));
    put(key, new Pair(version, strong.write(), strong.kind() != Kind.DELETE));
    return version;
  }

  private int effectiveVersion(int stamp, int found) {
    if (fault == Fault.STRONG_KEEPS_ITS_STAMP) {
      return stamp;
    }
    int next =
        fault == Fault.EFFECTIVE_VERSION_SHARED ? Stamp.next(found, stamp) : Stamp.next(found);
    return stamp > found ? stamp : next;
  }

  private Committed close(Close close) {
    int origin = close.origin();
    int end = Math.max(close.last(), Vector.get(absorbed, origin));
    boolean areAllAsked = (open & ~close.asked()) == 0;
    boolean isLower = !isClosed(origin) || end < end(origin);
    if (isRefused(!areAllAsked, Fault.NEWCOMER_NOT_ASKED)
        || !isLower
        || (isClosed(origin) && fault == Fault.CLOSED_ONCE_ONLY)) {
      return this;
    }
    Committed after = new Committed(this);
    after.closed |= 1 << origin;
    after.open &= ~(1 << origin);
    after.ends = Vector.with(ends, origin, end);
    return after;
  }

  private Committed raiseFloor(RaiseFloor raise) {
    boolean isPromised = (open & ~raise.promisers()) == 0;
    if (raise.floor() <= floor
        || isRefused(!isPromised, Fault.FLOOR_WITHOUT_PROMISES)
        || isRefused(!areCovered(raise.promised(), absorbed), Fault.FLOOR_WITHOUT_ABSORPTION)
        || isRefused(!areClosedOnesAbsorbed(), Fault.FLOOR_WITHOUT_CLOSED)) {
      return this;
    }
    Committed after = new Committed(this);
    after.floor = raise.floor();
    for (int k = 0; k < Stamp.KEYS; k++) {
      if (!pairs[k].isLive && pairs[k].version <= raise.floor()) {
        after.pairs[k] = Pair.NONE;
      }
    }
    return after;
  }

  /** Whether nothing of a closed origin is still to come. */
  boolean areClosedOnesAbsorbed() {
    return Vector.covers(absorbed, ends);
  }

  private Committed admit(int origin) {
    if (isClosed(origin) || (open >>> origin & 1) == 1) {
      return this;
    }
    Committed after = new Committed(this);
    after.open |= 1 << origin;
    return after;
  }
}
