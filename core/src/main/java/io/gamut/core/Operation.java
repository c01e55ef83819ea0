package io.gamut.core;

import java.util.List;

/**
 * A strong operation: all of its changes are made, in order, if all of its conditions hold and no
 * change fails; else none. Conditions look at what was there before the first change.
 *
 * @param wantsBefore whether the result should hold the values that were there before the changes
 * @param clears whether it deletes every key; then it does nothing else
 */
public record Operation(
    List<Condition> conditions, List<Change> changes, boolean wantsBefore, boolean clears) {
  /** Deletes every key, by one tombstone over all of them. */
  public static final Operation CLEAR = new Operation(List.of(), List.of(), false, true);

  /** Conditions, and changes, of one operation. */
  public static final int PARTS_MAX = 1 << 16;

  private static final int PART_BYTES = 32;

  public Operation {
    conditions = List.copyOf(conditions);
    changes = List.copyOf(changes);
    if (conditions.size() > PARTS_MAX || changes.size() > PARTS_MAX) {
      throw new InvalidDataException(
          "an operation has at most " + PARTS_MAX + " conditions and as many changes");
    }
    if (clears && !(conditions.isEmpty() && changes.isEmpty())) {
      throw new InvalidDataException("an operation that deletes every key does nothing else");
    }
  }

  /** An operation on single keys. */
  public Operation(List<Condition> conditions, List<Change> changes, boolean wantsBefore) {
    this(conditions, changes, wantsBefore, false);
  }

  /** One change without conditions. */
  public static Operation of(Change change) {
    return new Operation(List.of(), List.of(change), false);
  }

  /** Roughly the bytes it takes in memory and on the wire, for budgets. */
  public int size() {
    long size = PART_BYTES;
    for (Condition condition : conditions) {
      size += PART_BYTES + condition.key().bytes().length;
      size += condition instanceof Condition.ValueIs(Key _, byte[] bytes) ? bytes.length : 0;
    }
    for (Change change : changes) {
      size += PART_BYTES + change.key().bytes().length;
      size +=
          switch (change) {
            case Change.Put(Key _, Content content) -> content.size();
            case Change.Append append -> append.bytes().length;
            case Change.Increment _, Change.ExpireAt _ -> 0;
          };
    }
    return (int) Math.min(size, Integer.MAX_VALUE);
  }
}
