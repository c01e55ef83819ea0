package io.gamut.core;

import java.util.List;

/** A strong operation: what the ledger is asked to do at one moment, as a whole or not at all. */
public sealed interface Operation {
  /** Conditions, changes, and steps of one operation. */
  int PARTS_MAX = 1 << 16;

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
