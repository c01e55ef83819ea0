package io.gamut.trial.play;

import io.gamut.client.Receipt;
import io.gamut.core.Consistency;
import io.gamut.protocol.resp.RespValue;
import io.gamut.trial.workload.Planned;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests as RESP commands, and what their replies say as a part of a history. */
final class Requests {
  private Requests() {}

  /** The command, with its level in front. */
  static String[] command(Planned planned) {
    List<String> words = new ArrayList<>(List.of("GAMUT", "AT", level(planned)));
    String key = planned.key();
    switch (planned.kind()) {
      case READ -> words.addAll(List.of("GET", key));
      case WRITE -> {
        words.addAll(List.of("SET", key, Objects.requireNonNull(planned.value())));
        if (planned.lifeNanos() > 0) {
          words.addAll(List.of("PX", "" + millis(planned.lifeNanos())));
        }
      }
      case DELETE -> words.addAll(List.of("DEL", key));
      case ADD -> words.addAll(List.of("INCRBY", key, argument(planned)));
      case APPEND -> words.addAll(List.of("APPEND", key, argument(planned)));
      case COMPARE_AND_SET ->
          words.addAll(
              List.of(
                  "GAMUT",
                  "CASV",
                  key,
                  argument(planned),
                  Objects.requireNonNull(planned.value())));
      case MISMATCH -> throw new IllegalArgumentException("nobody asks for a mismatch");
    }
    return words.toArray(String[]::new);
  }

  private static String level(Planned planned) {
    return planned.level() == Consistency.BOUNDED
        ? "bounded:" + millis(planned.boundNanos())
        : planned.level().toString();
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static String argument(Planned planned) {
    return Objects.requireNonNull(planned.argument());
  }

  /** What is known of a request whose connection has gone. */
  static Request lost(Planned planned, long number, int session, long invoked, long responded) {
    return new Request(
        number,
        session,
        planned.level(),
        planned.boundNanos(),
        List.of(step(planned, planned.kind(), planned.value(), null)),
        Outcome.UNKNOWN,
        invoked,
        responded,
        null);
  }

  /** What a reply says. Throws {@link IllegalStateException} if it contradicts itself. */
  static Request answered(
      Planned planned, RespValue reply, long number, int session, long invoked, long responded) {
    Receipt receipt = Receipt.of(reply);
    if (receipt == null) {
      throw new IllegalStateException("no receipt of " + planned + ": " + reply);
    }
    RespValue bare = Receipt.without(reply);
    Outcome outcome = Outcome.OK;
    Step step;
    if (bare instanceof RespValue.Failure failure) {
      outcome = failure.code().equals("UNKNOWN") ? Outcome.UNKNOWN : Outcome.FAILED;
      step = step(planned, planned.kind(), planned.value(), null);
      if ((outcome == Outcome.UNKNOWN) != "unknown".equals(receipt.outcome())) {
        throw new IllegalStateException(failure + " and " + receipt);
      }
    } else {
      if (receipt.level().compareTo(planned.level()) < 0) {
        throw new IllegalStateException("asked at " + planned.level() + ", had " + receipt);
      }
      step = done(planned, bare, receipt);
    }
    return new Request(
        number,
        session,
        planned.level(),
        planned.boundNanos(),
        List.of(step),
        outcome,
        invoked,
        responded,
        seen(receipt));
  }

  private static Step done(Planned planned, RespValue reply, Receipt receipt) {
    String said = reply instanceof RespValue.Null ? null : reply.toString();
    boolean isMismatch = planned.kind() == Kind.COMPARE_AND_SET && "0".equals(said);
    String value =
        switch (planned.kind()) {
          case READ, ADD, APPEND -> said;
          case WRITE, COMPARE_AND_SET -> isMismatch ? null : planned.value();
          case DELETE, MISMATCH -> null;
        };
    return new Step(
        isMismatch ? Kind.MISMATCH : planned.kind(),
        planned.key(),
        value,
        planned.argument(),
        receipt.version(),
        planned.lifeNanos());
  }

  /** Of what did not happen, or is not known to have: reads have no value then. */
  private static Step step(
      Planned planned, Kind kind, @Nullable String value, io.gamut.core.@Nullable Version version) {
    return new Step(kind, planned.key(), value, planned.argument(), version, planned.lifeNanos());
  }

  private static io.gamut.verify.history.Receipt seen(Receipt receipt) {
    long age =
        receipt.ageMillis() == Receipt.AGE_UNKNOWN
            ? io.gamut.verify.history.Receipt.AGE_UNKNOWN
            : TimeUnit.MILLISECONDS.toNanos(receipt.ageMillis());
    return new io.gamut.verify.history.Receipt(receipt.level(), receipt.replica(), age);
  }
}
