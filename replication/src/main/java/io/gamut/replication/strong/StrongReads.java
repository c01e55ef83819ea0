package io.gamut.replication.strong;

import io.gamut.core.Content;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Limits;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.replication.Now;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads of committed state that have to wait: until a leader has confirmed how far the ledger was
 * committed when they came, until so much is applied here, and until what their sessions depend on
 * is absorbed.
 *
 * <p><b>How old the state is.</b> A round that was begun at some time of this replica's own clock,
 * and is confirmed at an index, says that nothing beyond that index had been committed by then. So
 * once that much is applied, the state here is at most as old as the time since. No other clock
 * takes part.
 *
 * <p><b>Expiry</b> is judged by ledger time. A value that is over by this replica's clock, and not
 * by the ledger's, is held back until an entry has moved ledger time forward: else a replica with
 * another clock might show it again.
 */
final class StrongReads {
  private static final int WAITING_MAX = 1 << 16;
  private static final int ROUNDS_MAX = 8;

  /** Confirmed and not applied yet; what is beyond is only not counted as fresh. */
  private static final int CONFIRMED_MAX = 64;

  /**
   * A round without an answer for so long may be lost, and is asked for again. An answer that comes
   * after all counts: it was given after the round began.
   */
  private static final long LOST_NANOS = 150_000_000;

  /** After nobody could confirm. */
  private static final long RETRY_NANOS = 20_000_000;

  private static final long UNCONFIRMED = -1;

  private final StateMachine machine;
  private final Map<Long, Round> open = new HashMap<>();
  private final ArrayDeque<Fresh> confirmed = new ArrayDeque<>();
  private List<StrongInput.Read> gathered = new ArrayList<>();
  private List<Ready> ready = new ArrayList<>();
  private long rounds;
  private int count;
  private long notBeforeNanos = Long.MIN_VALUE;
  private long freshNanos;
  private boolean isEverFresh;
  private boolean needsTime;
  private boolean isHolding;

  /** Reads that are confirmed together. However often it is asked for, it began when it began. */
  private static final class Round {
    final long begunNanos;
    final List<StrongInput.Read> reads;
    long askedNanos;

    Round(long begunNanos, List<StrongInput.Read> reads) {
      this.begunNanos = begunNanos;
      this.reads = reads;
      askedNanos = begunNanos;
    }
  }

  /**
   * A read that may be answered once this index is applied; if that is {@link #UNCONFIRMED}, while
   * the state is fresh enough.
   */
  private record Ready(StrongInput.Read read, long index) {}

  /** With this index applied, the state is not older than the time. */
  private record Fresh(long nanos, long index) {}

  /** Asks the ledger for a confirmation, under a number. */
  @FunctionalInterface
  interface Confirmations {
    void ask(long round);
  }

  StrongReads(StateMachine machine) {
    this.machine = machine;
  }

  void add(StrongInput.Read read, Now now, StrongEffects effects) {
    if (count >= WAITING_MAX) {
      String reason = "more than " + WAITING_MAX + " reads wait for the ledger";
      effects.reply(read.request(), new Reply.Failed(ErrorCode.BUSY, reason));
      return;
    }
    count++;
    if (isFreshEnough(read.freshness(), now)) {
      ready.add(new Ready(read, UNCONFIRMED));
    } else {
      gathered.add(read);
    }
  }

  private boolean isFreshEnough(Freshness freshness, Now now) {
    return switch (freshness) {
      case Freshness.Any.ANY -> true;
      case Freshness.AtMost(long nanos) -> isEverFresh && now.nanos() - freshNanos <= nanos;
      case Freshness.Latest.LATEST -> false;
    };
  }

  /** Begins a round for what has gathered, and asks again for those that may be lost. */
  void advance(Now now, Confirmations confirmations) {
    for (Map.Entry<Long, Round> each : List.copyOf(open.entrySet())) {
      if (now.nanos() - each.getValue().askedNanos >= LOST_NANOS) {
        each.getValue().askedNanos = now.nanos();
        confirmations.ask(each.getKey());
      }
    }
    if (!gathered.isEmpty()
        && open.size() < ROUNDS_MAX
        && (notBeforeNanos == Long.MIN_VALUE || now.nanos() - notBeforeNanos >= 0)) {
      long round = ++rounds;
      open.put(round, new Round(now.nanos(), gathered));
      gathered = new ArrayList<>();
      notBeforeNanos = Long.MIN_VALUE;
      confirmations.ask(round);
    }
  }

  void onConfirmed(long number, long index) {
    Round round = open.remove(number);
    if (round != null) {
      round.reads.forEach(read -> ready.add(new Ready(read, index)));
      if (confirmed.size() < CONFIRMED_MAX) {
        confirmed.add(new Fresh(round.begunNanos, index));
      }
    }
  }

  void onUnconfirmed(long number, Now now) {
    Round round = open.remove(number);
    if (round != null) {
      gathered.addAll(round.reads);
      notBeforeNanos = now.nanos() + RETRY_NANOS;
    }
  }

  /**
   * Answers what can be answered now.
   *
   * @param mayExpire whether this server's clock is trusted; else ledger time alone counts
   */
  void serve(boolean mayExpire, Now now, StrongEffects effects) {
    long applied = machine.applied().index();
    while (!confirmed.isEmpty() && confirmed.getFirst().index <= applied) {
      Fresh fresh = confirmed.removeFirst();
      if (!isEverFresh || fresh.nanos - freshNanos > 0) {
        freshNanos = fresh.nanos;
        isEverFresh = true;
      }
    }
    if (ready.isEmpty()) {
      return;
    }
    isHolding = false;
    List<Ready> all = ready;
    ready = new ArrayList<>();
    for (Ready each : all) {
      if (each.index == UNCONFIRMED && !isFreshEnough(each.read.freshness(), now)) {
        // It has waited for something else, and the state has aged meanwhile.
        gathered.add(each.read);
      } else if (!isServed(each, applied, mayExpire, now, effects)) {
        ready.add(each);
      }
    }
  }

  private boolean isServed(
      Ready each, long applied, boolean mayExpire, Now now, StrongEffects effects) {
    if (each.index > applied) {
      return false;
    }
    List<@Nullable Pair> pairs = new ArrayList<>(each.read.wanted().size());
    long bytes = 0;
    for (StrongInput.Wanted wanted : each.read.wanted()) {
      Row row = machine.row(wanted.key());
      Requirement requirement = wanted.requirement();
      Version version = row == null ? null : row.version();
      if (requirement.isLost(machine.ends(), version)) {
        refuse(each.read, new Reply.Failed(ErrorCode.ERR_LOST, Problem.LOST.words()), effects);
        return true;
      }
      if (!requirement.isSatisfiedBy(machine.absorbed(), applied, version)) {
        isHolding = true;
        return false;
      }
      if (mayExpire && row != null && isExpiring(row, now.wallMillis())) {
        needsTime = true;
        return false;
      }
      bytes += row == null ? 0 : row.content().size();
      if (bytes > Limits.OPERATION_BYTES_MAX) {
        refuse(each.read, new Reply.Failed(ErrorCode.ERR, Problem.TOO_MUCH.words()), effects);
        return true;
      }
      pairs.add(pair(wanted.key(), row));
    }
    count--;
    long age = isDoneAsLatest(each, now) ? Reply.Read.AGE_LATEST : ageNanos(now);
    effects.reply(
        each.read.request(), new Reply.Read(Collections.unmodifiableList(pairs), applied, age));
    return true;
  }

  /**
   * Whether it found no state that was fresh enough, and has the latest instead: confirmed after it
   * was asked for, which may have taken longer than it allows for.
   */
  private boolean isDoneAsLatest(Ready each, Now now) {
    return each.index != UNCONFIRMED
        && each.read.freshness() instanceof Freshness.AtMost
        && !isFreshEnough(each.read.freshness(), now);
  }

  /**
   * How old the state may be at most, at least a nanosecond; {@link Reply.Read#AGE_UNKNOWN} if
   * nothing says so.
   */
  long ageNanos(Now now) {
    return isEverFresh ? Math.max(1, now.nanos() - freshNanos) : Reply.Read.AGE_UNKNOWN;
  }

  /** Whether a value is over by this replica's clock, and not by that of the ledger. */
  private boolean isExpiring(Row row, long wallMillis) {
    return row.content() instanceof Content.Value value
        && value.expiredAt(wallMillis)
        && !value.expiredAt(machine.millis());
  }

  private @Nullable Pair pair(Key key, @Nullable Row row) {
    if (row == null) {
      return null;
    }
    boolean isOver =
        row.content() instanceof Content.Value value && value.expiredAt(machine.millis());
    Content content = isOver ? Content.Tombstone.TOMBSTONE : row.content();
    return new Pair(key, content, row.version(), new LedgerPosition(machine.applied().index()));
  }

  /** Whether reads wait for what their sessions depend on. */
  boolean isHolding() {
    return isHolding && !ready.isEmpty();
  }

  /** Whether a read waits for ledger time to move forward; asked once for each time. */
  boolean takeNeedsTime() {
    boolean taken = needsTime;
    needsTime = false;
    return taken;
  }

  /**
   * Answers what is out of time.
   *
   * @param refusal why reads cannot be confirmed
   * @param isHopeless whether those that need a confirmation are to be refused at once
   */
  void onTime(Now now, Reply.Failed refusal, boolean isHopeless, StrongEffects effects) {
    refuseOver(gathered, refusal, isHopeless, now, effects);
    open.values().forEach(round -> refuseOver(round.reads, refusal, isHopeless, now, effects));
    open.values().removeIf(round -> round.reads.isEmpty());
    List<Ready> all = ready;
    ready = new ArrayList<>();
    for (Ready each : all) {
      if (isOver(each.read, now)) {
        refuse(each.read, missing(each.read), effects);
      } else {
        ready.add(each);
      }
    }
  }

  private void refuseOver(
      List<StrongInput.Read> reads,
      Reply refusal,
      boolean isHopeless,
      Now now,
      StrongEffects effects) {
    for (Iterator<StrongInput.Read> each = reads.iterator(); each.hasNext(); ) {
      StrongInput.Read read = each.next();
      if (isHopeless || isOver(read, now)) {
        each.remove();
        refuse(read, refusal, effects);
      }
    }
  }

  private static boolean isOver(StrongInput.Read read, Now now) {
    return now.nanos() - read.deadlineNanos() >= 0;
  }

  private static Reply missing(StrongInput.Read read) {
    return new Reply.Failed(
        ErrorCode.ERR_DEP,
        "the ledger has not absorbed yet what the session depends on for '"
            + read.wanted().getFirst().key()
            + (read.wanted().size() == 1 ? "'" : "' and others"));
  }

  private void refuse(StrongInput.Read read, Reply refusal, StrongEffects effects) {
    count--;
    effects.reply(read.request(), refusal);
  }

  boolean isIdle() {
    return count == 0;
  }

  /** When a round should begin that has to wait; {@code otherwise} when none does. */
  long wakeAtNanos(long otherwise) {
    boolean isDelayed =
        !gathered.isEmpty() && open.size() < ROUNDS_MAX && notBeforeNanos != Long.MIN_VALUE;
    return isDelayed && notBeforeNanos - otherwise < 0 ? notBeforeNanos : otherwise;
  }
}
