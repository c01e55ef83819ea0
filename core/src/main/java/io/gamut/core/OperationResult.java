package io.gamut.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has become of a strong operation that was applied. */
public sealed interface OperationResult {
  /** All changes were made: for each one what it did. */
  record Changed(List<ChangeResult> changes) implements OperationResult {}

  /** A transaction was executed: what has become of each of its steps. */
  record Transacted(List<OperationResult> steps) implements OperationResult {}

  /**
   * Every key was deleted.
   *
   * @param version of the tombstone over all of them
   */
  record Cleared(Version version) implements OperationResult {}

  /**
   * A condition did not hold.
   *
   * @param condition the first such, counted from 0
   * @param version of the last write of its key; null where there is none
   */
  record Unmet(int condition, @Nullable Version version) implements OperationResult {}

  /** A change could not be made. */
  record Failed(Problem problem) implements OperationResult {}

  /** The operation was withdrawn before it was applied. */
  enum Withdrawn implements OperationResult {
    WITHDRAWN
  }

  /**
   * What one change did.
   *
   * @param version the key's now; null where it has none, and got none
   * @param replacedValue whether there was a value before
   * @param number the sum of an increment, the length after bytes were added or written over, 1
   *     where an expiry was set, or a value copied, marked or claimed; else 0
   * @param before the value before, if there was one and the operation wants it, or it was looked
   *     at
   */
  record ChangeResult(
      @Nullable Version version,
      boolean replacedValue,
      long number,
      Content.@Nullable Value before) {}

  /** A change, and what it did. */
  record Made(Change change, ChangeResult result) {}

  /** The changes that were made, in order, those that a {@link Change.Look} stands for too. */
  static List<Made> made(Operation operation, OperationResult result) {
    List<Made> made = new ArrayList<>();
    switch (operation) {
      case Operation.Minitransaction step -> addMade(step, result, made);
      case Operation.Transaction(var _, var steps) -> {
        if (result instanceof Transacted(List<OperationResult> results)) {
          for (int i = 0; i < steps.size(); i++) {
            addMade(steps.get(i), results.get(i), made);
          }
        }
      }
      case Operation.Clear.CLEAR -> {}
    }
    return made;
  }

  private static void addMade(
      Operation.Minitransaction step, OperationResult result, List<Made> made) {
    if (result instanceof Changed(List<ChangeResult> changes)) {
      for (int i = 0; i < changes.size(); i++) {
        made.add(new Made(step.changes().get(i), changes.get(i)));
      }
    }
  }

  /** Why a change could not be made. */
  enum Problem {
    NOT_A_NUMBER(1, "value is not an integer or out of range"),
    OVERFLOW(2, "increment or decrement would overflow"),
    TOO_LONG(3, "the value would be longer than " + Limits.VALUE_BYTES_MAX + " bytes"),
    /** Nothing was done. */
    LOST(4, "what the session depends on is gone for good with the disk of a removed server"),
    NOT_A_DECIMAL(5, "value is not a valid float"),
    TOO_MUCH(
        6,
        "the operation would write or return more than " + Limits.OPERATION_BYTES_MAX + " bytes");

    private final int code;
    private final String words;

    Problem(int code, String words) {
      this.code = code;
      this.words = words;
    }

    /** How encodings name it. */
    public int code() {
      return code;
    }

    /** Reads {@link #code}. Throws {@link InvalidDataException} if it is none. */
    public static Problem of(int code) {
      for (Problem problem : values()) {
        if (problem.code == code) {
          return problem;
        }
      }
      throw new InvalidDataException("problem " + code + " is not known here");
    }

    /** The first word of the error that a client meets. */
    public ErrorCode error() {
      return this == LOST ? ErrorCode.ERR_LOST : ErrorCode.ERR;
    }

    public String words() {
      return words;
    }
  }
}
