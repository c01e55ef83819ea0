package io.gamut.verify.history;

import io.gamut.core.Consistency;
import io.gamut.core.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step of a request, with the request it belongs to. */
public record Operation(Request request, Step step) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** A request of one step. */
  public static Operation alone(
      long number,
      int session,
      Consistency level,
      Step step,
      Outcome outcome,
      long invoked,
      long responded,
      @Nullable Receipt receipt) {
    return new Operation(
        new Request(number, session, level, 0, List.of(step), outcome, invoked, responded, receipt),
        step);
  }

  public int session() {
    return request.session();
  }

  public Consistency level() {
    return request.level();
  }

  public Outcome outcome() {
    return request.outcome();
  }

  public long invoked() {
    return request.invoked();
  }

  public long responded() {
    return request.responded();
  }

  /** {@link Receipt#AGE_UNKNOWN} if no receipt says it. */
  public long ageNanos() {
    Receipt receipt = request.receipt();
    return receipt == null ? Receipt.AGE_UNKNOWN : receipt.ageNanos();
  }

  public Kind kind() {
    return step.kind();
  }

  public String key() {
    return step.key();
  }

  public @Nullable String value() {
    return step.value();
  }

  public @Nullable String argument() {
    return step.argument();
  }

  public @Nullable Version version() {
    return step.version();
  }

  public boolean isRead() {
    return step.kind().isRead();
  }

  public boolean isOk() {
    return request.isOk();
  }

  public boolean isAtLeast(Consistency least) {
    return request.isAtLeast(least);
  }

  @Override
  public String toString() {
    return "session %d %s %s, %s, version %s, %.3f to %.3f ms"
        .formatted(
            session(),
            level(),
            step,
            outcome(),
            version(),
            invoked() / NANOS_PER_MILLI,
            responded() / NANOS_PER_MILLI);
  }
}
