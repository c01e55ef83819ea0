package io.gamut.server.request;

import io.gamut.core.Consistency;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Mark;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Session;
import io.gamut.core.Version;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a data command was answered: docs/receipts.md says what each field states.
 *
 * @param level that was had; of an error, that was asked for
 * @param replica that answered; null where none has, or several have
 * @param ageNanos how old the state answered from may be, or {@link Reply.Read#AGE_UNKNOWN}
 * @param step what a session learns from just this command, made when somebody asks; null where
 *     that is nothing
 */
public record Receipt(
    Consistency level,
    @Nullable NodeId replica,
    @Nullable Version version,
    long ageNanos,
    @Nullable State state,
    @Nullable Outcome outcome,
    @Nullable Supplier<Session> step) {
  /** Which kind of update was shown or made. */
  public enum State {
    TENTATIVE,
    COMMITTED;

    static State of(Mark mark) {
      return switch (mark) {
        case Dot _ -> TENTATIVE;
        case LedgerPosition _ -> COMMITTED;
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What has become of a write. */
  public enum Outcome {
    APPLIED,
    NOT_APPLIED,
    UNKNOWN;

    @Override
    public String toString() {
      return name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Of a key that was read.
   *
   * @param index how far the ledger was applied; of no account at weak levels
   */
  static Receipt ofRead(
      Key key,
      @Nullable Pair pair,
      long index,
      long ageNanos,
      Consistency level,
      @Nullable NodeId replica) {
    if (pair != null) {
      return ofKey(key, pair.version(), pair.mark(), ageNanos, null, level, replica);
    }
    Supplier<Session> step = level.isWeak() ? null : () -> applied(new LedgerPosition(index));
    return new Receipt(level, replica, null, ageNanos, null, null, step);
  }

  /** Of a key that was written. */
  static Receipt ofWrite(
      Key key, Version version, Mark mark, Consistency level, @Nullable NodeId replica) {
    return ofKey(key, version, mark, writeAge(level), Outcome.APPLIED, level, replica);
  }

  /**
   * Of what the ledger has executed.
   *
   * @param versions of its keys, none twice
   * @param outcome null of what has only looked
   */
  static Receipt ofOperation(
      Collection<@Nullable Version> versions,
      @Nullable Outcome outcome,
      Supplier<Session> step,
      Consistency level,
      @Nullable NodeId replica) {
    boolean isFirst = true;
    Version weakest = null;
    State state = null;
    for (Version version : versions) {
      weakest = isFirst ? version : weakest(weakest, version);
      state = version == null ? state : State.COMMITTED;
      isFirst = false;
    }
    return new Receipt(level, replica, weakest, writeAge(level), state, outcome, step);
  }

  /** Of all keys, which were deleted. */
  static Receipt ofClear(
      Version version, LedgerPosition position, Consistency level, @Nullable NodeId replica) {
    return new Receipt(
        level,
        replica,
        version,
        writeAge(level),
        State.COMMITTED,
        Outcome.APPLIED,
        () -> {
          Session step = new Session();
          step.observeAll(version, position, level);
          return step;
        });
  }

  private static Session applied(LedgerPosition position) {
    Session step = new Session();
    step.observe(position);
    return step;
  }

  /** Of a command that ended in an error. */
  public static Receipt ofError(ErrorCode code, Consistency level, @Nullable NodeId replica) {
    Outcome outcome = code == ErrorCode.UNKNOWN ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
    return new Receipt(level, replica, null, Reply.Read.AGE_UNKNOWN, null, outcome, null);
  }

  private static Receipt ofKey(
      Key key,
      Version version,
      Mark mark,
      long ageNanos,
      @Nullable Outcome outcome,
      Consistency level,
      @Nullable NodeId replica) {
    return new Receipt(
        level,
        replica,
        version,
        ageNanos,
        State.of(mark),
        outcome,
        () -> {
          Session step = new Session();
          step.observe(key, version, mark, level);
          return step;
        });
  }

  /** The ledger executes on the latest state; a weak write looks at none. */
  private static long writeAge(Consistency level) {
    return level.isWeak() ? Reply.Read.AGE_UNKNOWN : 0;
  }

  /** Of several keys of one command, what holds for each of them. */
  Receipt weakest(Receipt other) {
    return new Receipt(
        level,
        Objects.equals(replica, other.replica) ? replica : null,
        weakest(version, other.version),
        isAgeKnown() && other.isAgeKnown()
            ? Math.max(ageNanos, other.ageNanos)
            : Reply.Read.AGE_UNKNOWN,
        weakest(state, other.state),
        outcome == other.outcome ? outcome : Outcome.UNKNOWN,
        joined(step, other.step));
  }

  private static @Nullable Version weakest(@Nullable Version one, @Nullable Version other) {
    if (one == null || other == null) {
      return null;
    }
    return one.isAfter(other) ? other : one;
  }

  private static @Nullable State weakest(@Nullable State one, @Nullable State other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) < 0 ? one : other;
  }

  private static @Nullable Supplier<Session> joined(
      @Nullable Supplier<Session> one, @Nullable Supplier<Session> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    // Made at once: a chain as long as a command has keys would be too deep to follow.
    Session both = one.get();
    both.merge(other.get());
    return () -> both;
  }

  /**
   * The same, of a command of which it is not known whether all was done.
   *
   * @param other the replica that has refused a part of it
   */
  Receipt withUnknownOutcome(@Nullable NodeId other) {
    NodeId both = Objects.equals(replica, other) ? replica : null;
    return new Receipt(level, both, version, ageNanos, state, Outcome.UNKNOWN, step);
  }

  public boolean isAgeKnown() {
    return ageNanos != Reply.Read.AGE_UNKNOWN;
  }

  /** An age that is known, rounded up. */
  public long ageMillis() {
    return TimeUnit.NANOSECONDS.toMillis(ageNanos + 999_999);
  }

  /** The same, with all that a session has met in place of what it learns from this command. */
  public Receipt withSession(Session session) {
    return new Receipt(level, replica, version, ageNanos, state, outcome, () -> session);
  }
}
