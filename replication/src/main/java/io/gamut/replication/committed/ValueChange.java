package io.gamut.replication.committed;

import io.gamut.core.Change;
import io.gamut.core.Change.Arithmetic;
import io.gamut.core.Content;
import io.gamut.core.Decimals;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Renewal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a change makes of a value: the same on every replica, from nothing but the two. */
final class ValueChange {
  private static final Content.Value NOTHING = Content.Value.of(new byte[0]);
  private static final int UNSIGNED_DIGITS_MAX = 20;

  private ValueChange() {}

  /**
   * What a key holds after a change; null for as before.
   *
   * @param source the value of the key that is copied from
   */
  static @Nullable Content after(
      Change change, Content.@Nullable Value before, Content.@Nullable Value source)
      throws ImpossibleException {
    Content.Value base = before == null ? NOTHING : before;
    return switch (change) {
      case Change.Look _ -> null;
      case Change.Put(Key _, Content content) -> content;
      case Change.Rewrite(Key _, byte[] bytes, int flags, boolean isStale) -> {
        Renewal renewal = isStale ? base.renewal().stale() : Renewal.NONE;
        yield new Content.Value(bytes, flags, base.expiresAtMillis(), renewal);
      }
      case Change.Increment(Key _, long delta, Arithmetic arithmetic) ->
          base.withBytes(sum(before, delta, arithmetic)).with(base.renewal());
      case Change.IncrementDecimal(Key _, BigDecimal delta) ->
          base.withBytes(sum(before, delta)).with(base.renewal());
      case Change.Append(Key _, byte[] bytes, boolean isInFront) ->
          base.withBytes(isInFront ? joined(bytes, base.bytes()) : joined(base.bytes(), bytes));
      case Change.Overwrite(Key _, int offset, byte[] bytes) ->
          bytes.length == 0 ? null : base.withBytes(overwritten(base.bytes(), offset, bytes));
      case Change.ExpireAt expiry ->
          before != null && isAllowed(expiry, before) ? before.withExpiry(expiry.millis()) : null;
      case Change.Renew(Key _, Renewal renewal) -> before == null ? null : before.with(renewal);
      case Change.Claim(Key _, long untilMillis) ->
          before != null && before.isDue(untilMillis)
              ? before.with(before.renewal().claimed())
              : null;
      case Change.Copy _ -> source;
    };
  }

  private static boolean isAllowed(Change.ExpireAt expiry, Content.Value before) {
    return expiry.rule().allows(expiry.millis(), before.expiresAtMillis());
  }

  /** The number that a change reports. */
  static long number(Change change, Content.@Nullable Value before, @Nullable Content after) {
    return switch (change) {
      case Change.Increment _ when after instanceof Content.Value sum -> number(sum);
      case Change.Append _ when after != null -> after.size();
      case Change.Overwrite _ when after != null -> after.size();
      case Change.Overwrite _ -> before == null ? 0 : before.size();
      case Change.ExpireAt _, Change.Renew _, Change.Claim _, Change.Copy _ ->
          after == null ? 0 : 1;
      case Change.Look _,
          Change.Put _,
          Change.Rewrite _,
          Change.Increment _,
          Change.IncrementDecimal _,
          Change.Append _ ->
          0;
    };
  }

  // Numbers

  /** Of a sum that was written here: a number above the signed ones comes out as its bits. */
  private static long number(Content.Value sum) {
    String text = text(sum);
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }

  private static byte[] sum(Content.@Nullable Value before, long delta, Arithmetic arithmetic)
      throws ImpossibleException {
    return switch (arithmetic) {
      case SIGNED -> bytes(Long.toString(signedSum(before == null ? 0 : signed(before), delta)));
      case UNSIGNED_UP -> bytes(Long.toUnsignedString(unsigned(before) + delta));
      case UNSIGNED_DOWN -> {
        long number = unsigned(before);
        boolean isEnough = Long.compareUnsigned(number, delta) >= 0;
        yield bytes(Long.toUnsignedString(isEnough ? number - delta : 0));
      }
    };
  }

  private static long signedSum(long number, long delta) throws ImpossibleException {
    try {
      return Math.addExact(number, delta);
    } catch (ArithmeticException _) {
      throw new ImpossibleException(Problem.OVERFLOW);
    }
  }

  /**
   * A value of digits as {@link Long#toString} writes them: no sign but a minus, no zeros ahead.
   */
  private static long signed(Content.Value value) throws ImpossibleException {
    String text = text(value);
    try {
      long number = Long.parseLong(text);
      if (Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as a number that is written in another way is.
    }
    throw new ImpossibleException(Problem.NOT_A_NUMBER);
  }

  /** A value of digits and nothing else. */
  private static long unsigned(Content.@Nullable Value value) throws ImpossibleException {
    if (value == null) {
      return 0;
    }
    String text = text(value);
    boolean isDigits =
        !text.isEmpty()
            && text.length() <= UNSIGNED_DIGITS_MAX
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    try {
      if (isDigits) {
        return Long.parseUnsignedLong(text);
      }
    } catch (NumberFormatException _) {
      // Above 2^64: told below.
    }
    throw new ImpossibleException(Problem.NOT_A_NUMBER);
  }

  private static byte[] sum(Content.@Nullable Value before, BigDecimal delta)
      throws ImpossibleException {
    BigDecimal number = before == null ? BigDecimal.ZERO : Decimals.parse(before.bytes());
    BigDecimal sum = number == null ? null : Decimals.rounded(number.add(delta));
    if (sum == null) {
      throw new ImpossibleException(Problem.NOT_A_DECIMAL);
    }
    return Decimals.format(sum);
  }

  private static String text(Content.Value value) {
    return new String(value.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String digits) {
    return digits.getBytes(StandardCharsets.US_ASCII);
  }

  // Bytes

  private static byte[] joined(byte[] first, byte[] second) throws ImpossibleException {
    requireRoom((long) first.length + second.length);
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] overwritten(byte[] old, int offset, byte[] bytes)
      throws ImpossibleException {
    requireRoom((long) offset + bytes.length);
    byte[] overwritten = Arrays.copyOf(old, Math.max(old.length, offset + bytes.length));
    System.arraycopy(bytes, 0, overwritten, offset, bytes.length);
    return overwritten;
  }

  private static void requireRoom(long length) throws ImpossibleException {
    if (length > Limits.VALUE_BYTES_MAX) {
      throw new ImpossibleException(Problem.TOO_LONG);
    }
  }
}
