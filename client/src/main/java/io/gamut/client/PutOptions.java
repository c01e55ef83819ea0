package io.gamut.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a value is put. Anything but an expiry makes it a command that reads and modifies, which is
 * strong whatever level is asked for.
 *
 * <p>Immutable.
 */
public record PutOptions(Condition condition, Expiry expiry) {
  private static final PutOptions NONE = new PutOptions(Condition.ALWAYS, new Expiry.Never());

  /** What must hold of the key for the value to be put. */
  public enum Condition {
    ALWAYS,
    IF_ABSENT,
    IF_PRESENT
  }

  /** When the value goes. */
  public sealed interface Expiry {
    record Never() implements Expiry {}

    /** In whole milliseconds, at least one. */
    record In(Duration duration) implements Expiry {}

    record At(Instant instant) implements Expiry {}

    /** When the value that is there would have gone. */
    record Kept() implements Expiry {}
  }

  public PutOptions {
    if (expiry instanceof Expiry.In(Duration duration) && duration.toMillis() < 1) {
      throw new IllegalArgumentException("an expiry is at least 1 ms from now, not " + duration);
    }
  }

  public static PutOptions none() {
    return NONE;
  }

  public PutOptions ifAbsent() {
    return new PutOptions(Condition.IF_ABSENT, expiry);
  }

  public PutOptions ifPresent() {
    return new PutOptions(Condition.IF_PRESENT, expiry);
  }

  public PutOptions expiringIn(Duration duration) {
    return new PutOptions(condition, new Expiry.In(duration));
  }

  public PutOptions expiringAt(Instant instant) {
    return new PutOptions(condition, new Expiry.At(instant));
  }

  public PutOptions keepingExpiry() {
    return new PutOptions(condition, new Expiry.Kept());
  }

  boolean modifies() {
    return condition != Condition.ALWAYS || expiry instanceof Expiry.Kept;
  }

  List<byte[]> words() {
    List<byte[]> words = new ArrayList<>();
    switch (condition) {
      case ALWAYS -> {}
      case IF_ABSENT -> add(words, "NX", null);
      case IF_PRESENT -> add(words, "XX", null);
    }
    switch (expiry) {
      case Expiry.Never() -> {}
      case Expiry.In(Duration duration) -> add(words, "PX", duration.toMillis());
      case Expiry.At(Instant instant) -> add(words, "PXAT", instant.toEpochMilli());
      case Expiry.Kept() -> add(words, "KEEPTTL", null);
    }
    return words;
  }

  private static void add(List<byte[]> words, String name, @Nullable Long number) {
    words.add(name.getBytes(StandardCharsets.US_ASCII));
    if (number != null) {
      words.add(number.toString().getBytes(StandardCharsets.US_ASCII));
    }
  }
}
