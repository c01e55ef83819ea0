package io.gamut.core;

import java.util.List;

/** A strong operation: what the ledger is asked to do at one moment, as a whole or not at all. */
public sealed interface Operation {
  /** Conditions, changes, and steps of one operation. */
  int PARTS_MAX = 1 << 16;

  /** Most values are smaller; those that are larger must not be many in one batch. */
  long VALUE_BYTES_GUESSED = 4_096;

  /**
   * All of its changes are made, in order, if all of its conditions hold and no change fails; else
   * none. Conditions look at what was there before the first change. (The name is that of Aguilera
   * et al., "Sinfonia", SOSP 2007, section 2.2: it says beforehand what it compares, reads and
   * writes.)
   *
   * @param wantsBefore whether the result should hold the values that were there before the changes
   */
  record Minitransaction(List<Condition> conditions, List<Change> changes, boolean wantsBefore)
      implements Operation {
    public Minitransaction {
      conditions = List.copyOf(conditions);
      changes = List.copyOf(changes);
      requireParts("conditions", conditions.size());
      requireParts("changes", changes.size());
    }
  }

  /**
   * Several minitransactions at one moment, each of which sees what those before it did. One that
   * does not come about, since its conditions do not hold or a change fails, changes nothing and
   * does not keep the others from it: what Redis calls {@code EXEC}.
   *
   * @param conditions if one of them does not hold, nothing at all is done
   */
  record Transaction(List<Condition> conditions, List<Minitransaction> steps) implements Operation {
    public Transaction {
      conditions = List.copyOf(conditions);
      steps = List.copyOf(steps);
      long parts = steps.size();
      for (Minitransaction step : steps) {
        parts += Math.max(step.conditions().size(), step.changes().size());
      }
      requireParts("conditions", conditions.size());
      requireParts("steps and changes", parts);
    }
  }

  /** Deletes every key, by one tombstone over all of them. */
  enum Clear implements Operation {
    CLEAR
  }

  private static void requireParts(String what, long count) {
    if (count > PARTS_MAX) {
      throw new InvalidDataException(
          "an operation has at most " + PARTS_MAX + " " + what + ", not " + count);
    }
  }

  /** Changes nothing and asks nothing. */
  static Minitransaction nothing() {
    return new Minitransaction(List.of(), List.of(), false);
  }

  /** One change without conditions. */
  static Minitransaction of(Change change) {
    return new Minitransaction(List.of(), List.of(change), false);
  }

  /** One change on one condition. */
  static Minitransaction when(Condition condition, Change change) {
    return new Minitransaction(List.of(condition), List.of(change), false);
  }

  /** Whether its result holds values, and not only what became of them. */
  default boolean tellsValues() {
    return switch (this) {
      case Minitransaction part ->
          part.wantsBefore() || part.changes().stream().anyMatch(Change.Look.class::isInstance);
      case Transaction all -> all.steps().stream().anyMatch(Operation::tellsValues);
      case Clear.CLEAR -> false;
    };
  }

  /** Roughly the bytes it takes in memory and on the wire, for budgets. */
  default int size() {
    long size =
        switch (this) {
          case Minitransaction part -> size(part.conditions()) + changesSize(part);
          case Transaction all -> {
            long sum = size(all.conditions());
            for (Minitransaction step : all.steps()) {
              sum += step.size();
            }
            yield sum;
          }
          case Clear.CLEAR -> 0;
        };
    return (int) Math.min(Condition.OVERHEAD_BYTES + size, Integer.MAX_VALUE);
  }

  /**
   * The same, with a guess for each value that it shows or copies: what that adds is known only
   * when it is done, and may be much more than the operation itself.
   */
  default long weight() {
    long guessed =
        switch (this) {
          case Minitransaction part -> valuesOf(part);
          case Transaction all -> {
            long sum = 0;
            for (Minitransaction step : all.steps()) {
              sum += valuesOf(step);
            }
            yield sum;
          }
          case Clear.CLEAR -> 0;
        };
    return size() + guessed * VALUE_BYTES_GUESSED;
  }

  private static long valuesOf(Minitransaction part) {
    if (part.wantsBefore()) {
      return part.changes().size();
    }
    return part.changes().stream()
        .filter(change -> change instanceof Change.Look || change instanceof Change.Copy)
        .count();
  }

  private static long size(List<Condition> conditions) {
    long size = 0;
    for (Condition condition : conditions) {
      size += condition.size();
    }
    return size;
  }

  private static long changesSize(Minitransaction part) {
    long size = 0;
    for (Change change : part.changes()) {
      size += change.size();
    }
    return size;
  }
}
