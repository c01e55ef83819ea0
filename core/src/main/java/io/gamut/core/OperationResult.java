package io.gamut.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has become of a strong operation that was applied. */
public sealed interface OperationResult {
  /** All changes were made: for each one what it did. */
  record Changed(List<ChangeResult> changes) implements OperationResult {}

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
   * @param version the key's now
   * @param replacedValue whether there was a value before
   * @param number the sum of an increment, the length after an append, else 0
   * @param before the value before, if the operation wants it and there was one
   */
  record ChangeResult(
      Version version, boolean replacedValue, long number, Content.@Nullable Value before) {}

  /** Why a change could not be made. */
  enum Problem {
    NOT_A_NUMBER(1, "value is not an integer or out of range"),
    OVERFLOW(2, "increment or decrement would overflow"),
    TOO_LONG(3, "the value would be longer than " + Limits.VALUE_BYTES_MAX + " bytes"),
    /** Nothing was done. */
    LOST(4, "what the session depends on is gone for good with the disk of a removed server");

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
