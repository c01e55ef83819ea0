package io.gamut.verify.check;

import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Step;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a key does, one step at a time: a register that may be absent, counted up, appended to. The
 * length of what was appended to is told in bytes of UTF-8, as servers count it.
 */
final class Register {
  private static final int TEXT_BYTES = 56;

  private Register() {}

  /** Whether a step can have been answered as it was, where the key holds this value. */
  static boolean isPossible(Step step, @Nullable String value) {
    return switch (step.kind()) {
      case READ -> Objects.equals(value, step.value());
      case MISMATCH -> !Objects.equals(value, step.argument());
      case COMPARE_AND_SET -> Objects.equals(value, step.argument());
      case WRITE, DELETE -> true;
      case ADD -> {
        String sum = sum(step, value);
        yield sum != null && (step.value() == null || sum.equals(step.value()));
      }
      case APPEND -> {
        int bytes = appended(step, value).getBytes(StandardCharsets.UTF_8).length;
        String length = Integer.toString(bytes);
        yield step.value() == null || length.equals(step.value());
      }
    };
  }

  /** What the key holds after a step that is possible. */
  static @Nullable String after(Step step, @Nullable String value) {
    return switch (step.kind()) {
      case READ, MISMATCH -> value;
      case WRITE, COMPARE_AND_SET -> step.value();
      case DELETE -> null;
      case ADD -> sum(step, value);
      case APPEND -> appended(step, value);
    };
  }

  /** The argument more; null if the value is no number. */
  private static @Nullable String sum(Step step, @Nullable String value) {
    try {
      long amount = Long.parseLong(Objects.requireNonNull(step.argument()));
      return Long.toString(Math.addExact(value == null ? 0 : Long.parseLong(value), amount));
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private static String appended(Step step, @Nullable String value) {
    return (value == null ? "" : value) + step.argument();
  }

  /** How many bytes the text takes that a step has made, and that is not in the history itself. */
  static long bytesMade(Step step, @Nullable String value) {
    boolean isMade = step.kind() == Kind.ADD || step.kind() == Kind.APPEND;
    return isMade && value != null ? TEXT_BYTES + (long) Character.BYTES * value.length() : 0;
  }
}
