package io.gamut.verify.history;

import io.gamut.core.Version;
import org.jspecify.annotations.Nullable;

/**
 * What a request does on one key.
 *
 * @param value of a read, what it returned, null for absent, and where the outcome is not OK; of a
 *     write or a compare-and-set, what was to be written; of an addition, the sum that it returned,
 *     and of an append, the length that it returned, null if it did not; of a delete and of a
 *     mismatch null
 * @param argument what is added, appended or compared with; else null
 * @param version from the receipt: of what was read or written; null if there was none
 * @param lifeNanos of a write, after how long it expires; 0 for never
 */
public record Step(
    Kind kind,
    String key,
    @Nullable String value,
    @Nullable String argument,
    @Nullable Version version,
    long lifeNanos) {
  public Step {
    if (lifeNanos < 0 || (lifeNanos > 0 && kind != Kind.WRITE)) {
      throw new IllegalArgumentException("only a write has a life, and it is not negative");
    }
    if (kind == Kind.WRITE && value == null) {
      throw new IllegalArgumentException("a write without a value of " + key);
    }
  }

  /** One without an argument that never expires. */
  public static Step of(Kind kind, String key, @Nullable String value, @Nullable Version version) {
    return new Step(kind, key, value, null, version, 0);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(kind).append(' ').append(key);
    if (argument != null) {
      text.append(' ').append(argument);
    }
    switch (kind) {
      case READ -> text.append(" = ").append(value == null ? "(absent)" : value);
      case WRITE, COMPARE_AND_SET -> text.append(' ').append(value);
      case ADD, APPEND -> text.append(value == null ? "" : " = " + value);
      case DELETE, MISMATCH -> {
        // There is nothing more to say.
      }
    }
    return text.toString();
  }
}
