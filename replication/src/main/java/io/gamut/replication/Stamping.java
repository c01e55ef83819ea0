package io.gamut.replication;

import io.gamut.core.Dot;
import io.gamut.core.HybridClock;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.AwaitingDisk.OriginDrawn;
import io.gamut.replication.message.JournalRecord.ClockBound;
import io.gamut.replication.message.JournalRecord.NewOrigin;
import io.gamut.replication.message.Update;
import java.util.Collection;
import java.util.List;

/**
 * Makes updates of writes: gives each a dot of the own origin and a version.
 *
 * <p>A write is stamped once: one that carries a stamp from an earlier try keeps it. Stamps stay
 * monotone through restarts because a bound above them is persisted before they are used, and a
 * restart begins above the bound. The bound runs ahead of the stamps by half of what clocks may
 * differ, so that it is written twice a second at most.
 */
final class Stamping {
  private static final long BOUND_AHEAD_MILLIS = Limits.CLOCK_AHEAD_MILLIS_MAX / 2;

  /** Leaves as many random bits as the counter of a timestamp has. */
  private static final int BOOT_SHIFT = 48;

  private final HybridClock clock = new HybridClock();
  private final Entropy entropy;
  private final long incarnation;
  private final DiskQueue disk;
  private OwnOrigin own;
  private Origin durableOrigin;
  private long bound;
  private long promised;

  /**
   * @param incarnation of the disk: origins that are drawn on it carry it
   */
  Stamping(Entropy entropy, long incarnation, DiskQueue disk, ReplicaState state) {
    this.entropy = entropy;
    this.incarnation = incarnation;
    this.disk = disk;
    durableOrigin = state.origin();
    own = new OwnOrigin(durableOrigin, state.received().get(durableOrigin));
    recoverBound(state.clockBound());
  }

  // What the journal tells at a start

  /** An origin was drawn; {@code sequence} of its updates were recovered before. */
  void recoverOrigin(Origin origin, long sequence) {
    durableOrigin = origin;
    own = new OwnOrigin(origin, sequence);
  }

  void recoverBound(long timestamp) {
    bound = Math.max(bound, timestamp);
    promised = bound;
    clock.observe(timestamp);
  }

  /**
   * From now on nothing is stamped at or below what has been stamped or met so far.
   *
   * <p>What is said to others is not ahead of the wall clock, though the stamps may be: a disk that
   * is set back forgets its promise, and what it then stamps is not behind the wall clock.
   *
   * @return what may be said of it; the promise is durable once {@link #boundRecord} is
   */
  long promise(Now now) {
    promised = Math.max(promised, clock.latest());
    bound = Math.max(bound, promised);
    return Math.min(promised, HybridClock.fromMillis(now.wallMillis()) - 1);
  }

  ClockBound boundRecord() {
    return new ClockBound(bound);
  }

  /** Whether a write that was stamped so may have been overtaken by what is collected. */
  boolean hasPromisedNotTo(long timestamp) {
    return timestamp <= promised;
  }

  /** Whether a recovered update is an own one, which it then counts. */
  boolean recoverOwn(Update update) {
    clock.observe(update.version().timestamp());
    boolean isOwn = update.dot().origin().equals(own.origin());
    if (isOwn) {
      own = new OwnOrigin(own.origin(), update.dot().sequence());
    }
    return isOwn;
  }

  // Stamps

  /** Whether a stamp from outside is near enough to the own clock. */
  static boolean isWithinClock(long timestamp, Now now) {
    return HybridClock.isWithin(timestamp, now.wallMillis(), Limits.CLOCK_AHEAD_MILLIS_MAX);
  }

  void observe(long timestamp) {
    clock.observe(timestamp);
  }

  /** A time for something else than an update; the clock does not go on to it. */
  long time(Now now) {
    return Math.max(clock.latest() + 1, HybridClock.fromMillis(now.wallMillis()));
  }

  /** Whether the next stamp would be near enough to the own clock, for others to take it. */
  boolean isNear(Now now) {
    return isWithinClock(clock.latest(), now);
  }

  /**
   * The first of {@code count} consecutive stamps, all greater than {@code than}, for operations
   * that the ledger orders. They have a stamper of their own in each life, so they need no bound:
   * that one is given again after a restart does no harm.
   */
  long stamps(int count, long than, Now now) {
    clock.observe(than);
    long first = clock.stamp(now.wallMillis());
    clock.observe(first + count - 1);
    return first;
  }

  /**
   * A timestamp for a life of this server, above those of {@code earlier} ones and all stamps. Up
   * to a millisecond is added at random: two lives that begin from one copy of a disk, with their
   * clocks behind its bound, would otherwise have the same boot, and pass for one life.
   *
   * <p>The clock does not go on to it: else a server that is started again and again would leave
   * the time behind, and one that was started with a bad clock would stay there.
   */
  long boot(long earlier, Now now) {
    long above = Math.max(earlier, clock.latest()) + 1;
    return Math.max(above, HybridClock.fromMillis(now.wallMillis()))
        + (entropy.nextLong() >>> BOOT_SHIFT);
  }

  /** Makes an update of a write whose dependencies are visible. */
  Update update(Input.Write write, Now now, Effects effects) {
    if (!own.isTrusted()) {
      drawOrigin(effects);
    }
    Dot dot = own.nextDot();
    VersionVector dependencies = write.dependencies().with(dot.origin(), 0);
    return new Update(
        dot,
        version(write, dot, now, effects),
        dependencies,
        write.index(),
        write.key(),
        write.content());
  }

  private Version version(Input.Write write, Dot dot, Now now, Effects effects) {
    clock.observe(write.sessionLatest());
    if (write.stamp() != null) {
      clock.observe(write.stamp().timestamp());
      return write.stamp();
    }
    long stamp = clock.stamp(now.wallMillis());
    raiseBound(stamp, effects);
    return new Version(stamp, dot.origin());
  }

  private void raiseBound(long stamp, Effects effects) {
    if (stamp > bound) {
      bound = stamp + HybridClock.fromMillis(BOUND_AHEAD_MILLIS);
      disk.persist(new ClockBound(bound), effects);
    }
  }

  // The own origin

  void drawOrigin(Effects effects) {
    Origin drawn = new Origin(incarnation, entropy.nextLong());
    own.become(drawn);
    disk.persist(new NewOrigin(drawn), new OriginDrawn(drawn), effects);
  }

  void onOriginDurable(Origin origin) {
    durableOrigin = origin;
  }

  /**
   * The origin that the journal names as the own one, as far as it is durable: updates that are on
   * their way to the disk may belong to it still.
   */
  Origin durableOrigin() {
    return durableOrigin;
  }

  /** Merges the clocks of updates from elsewhere, and notices own ones that this disk has lost. */
  void onForeign(List<Update> updates, Effects effects) {
    for (Update update : updates) {
      clock.observe(update.version().timestamp());
      onKnownElsewhere(update.dot().origin(), update.dot().sequence(), effects);
    }
  }

  /** Somebody knows an origin up to a sequence; more of the own one means that this disk is old. */
  void onKnownElsewhere(Origin origin, long sequence, Effects effects) {
    if (origin.equals(own.origin()) && own.isOutnumberedBy(sequence)) {
      drawOrigin(effects);
    }
  }

  /** Somebody holds this. */
  void onKnownElsewhere(VersionVector held, Effects effects) {
    onKnownElsewhere(own.origin(), held.get(own.origin()), effects);
  }

  /** A member that was asked in this life knows no more of an origin than is known here. */
  void onConfirmed(NodeId from, Origin origin, Collection<NodeId> others) {
    if (origin.equals(own.origin())) {
      own.onConfirmed(from, others);
    }
  }

  /**
   * Whether the own origin was drawn by this participant. One that has given up its vote, and came
   * back as another on the same disk, leaves its origins behind: they are closed with its old
   * place.
   */
  boolean isOwnOfThisDisk() {
    return own.origin().isOf(incarnation);
  }

  OwnOrigin own() {
    return own;
  }

  long bound() {
    return bound;
  }
}
