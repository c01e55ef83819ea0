package io.gamut.trial.play;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.client.Receipt;
import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import io.gamut.trial.workload.Planned;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests as RESP commands, and what their replies say as a part of a history. One step is one
 * command behind its level, several are a transaction; if they compare, one that watches.
 */
final class Requests {
  private static final RespValue NOTHING = new RespValue.Null();

  /**
   * What has become of a request.
   *
   * @param receipt null if nothing came back
   */
  record Answered(
      Outcome outcome, List<Step> steps, io.gamut.verify.history.@Nullable Receipt receipt) {}

  private Requests() {}

  /**
   * Sends a request and waits for its answer. Throws {@link IllegalStateException} if the answer
   * contradicts itself: a server that lies in its receipts is not judged by them.
   *
   * @throws ConnectionException if nobody knows what has become of it
   */
  static Answered ask(GamutConnection connection, Planned planned) throws ConnectionException {
    return planned.steps().size() == 1 ? one(connection, planned) : together(connection, planned);
  }

  // One step

  private static Answered one(GamutConnection connection, Planned planned)
      throws ConnectionException {
    List<String> words = new ArrayList<>(List.of("GAMUT", "AT", level(planned)));
    Step step = planned.steps().getFirst();
    words.addAll(command(step));
    RespValue reply = connection.call(words.toArray(String[]::new));
    Receipt receipt = receipt(planned, reply);
    RespValue bare = Receipt.without(reply);
    if (bare instanceof RespValue.Failure failure) {
      return refused(planned, failure, receipt);
    }
    requireLevel(planned, receipt);
    return new Answered(Outcome.OK, List.of(done(step, bare, receipt.version())), seen(receipt));
  }

  private static String level(Planned planned) {
    return planned.level() == Consistency.BOUNDED
        ? "bounded:" + millis(planned.boundNanos())
        : planned.level().toString();
  }

  private static List<String> command(Step step) {
    String key = step.key();
    return switch (step.kind()) {
      case READ -> List.of("GET", key);
      case WRITE ->
          step.lifeNanos() > 0
              ? List.of("SET", key, value(step), "PX", "" + millis(step.lifeNanos()))
              : List.of("SET", key, value(step));
      case DELETE -> List.of("DEL", key);
      case ADD -> List.of("INCRBY", key, argument(step));
      case APPEND -> List.of("APPEND", key, argument(step));
      case COMPARE_AND_SET -> List.of("GAMUT", "CASV", key, argument(step), value(step));
      case MISMATCH -> throw new IllegalArgumentException("nobody asks for a mismatch");
    };
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static String value(Step step) {
    return Objects.requireNonNull(step.value());
  }

  private static String argument(Step step) {
    return Objects.requireNonNull(step.argument());
  }

  private static Step done(Step asked, RespValue reply, @Nullable Version version) {
    String said = reply instanceof RespValue.Null ? null : reply.toString();
    boolean isMismatch = asked.kind() == Kind.COMPARE_AND_SET && "0".equals(said);
    String value =
        switch (asked.kind()) {
          case READ, ADD, APPEND -> said;
          case WRITE, COMPARE_AND_SET -> isMismatch ? null : asked.value();
          case DELETE, MISMATCH -> null;
        };
    return new Step(
        isMismatch ? Kind.MISMATCH : asked.kind(),
        asked.key(),
        value,
        asked.argument(),
        version,
        asked.lifeNanos());
  }

  // Several steps at one moment

  private static Answered together(GamutConnection connection, Planned planned)
      throws ConnectionException {
    boolean compares =
        planned.steps().stream().anyMatch(step -> step.kind() == Kind.COMPARE_AND_SET);
    if (compares && !watch(connection, planned.steps())) {
      connection.call("UNWATCH");
      return nothingDone(planned);
    }
    connection.send("MULTI");
    for (Step step : planned.steps()) {
      List<String> words =
          step.kind() == Kind.COMPARE_AND_SET
              ? List.of("SET", step.key(), value(step))
              : command(step);
      connection.send(words.toArray(String[]::new));
    }
    connection.send("EXEC");
    requireDone(connection.receive());
    for (Step _ : planned.steps()) {
      connection.receive(); // EXEC refuses if one of them was refused
    }
    return executed(planned, connection.receive());
  }

  /** Whether all keys hold what they are compared with, from now on until the transaction. */
  private static boolean watch(GamutConnection connection, List<Step> steps)
      throws ConnectionException {
    List<String> watch = new ArrayList<>(List.of("WATCH"));
    List<String> read = new ArrayList<>(List.of("GAMUT", "AT", "linearizable", "MGET"));
    for (Step step : steps) {
      watch.add(step.key());
      read.add(step.key());
    }
    connection.send(watch.toArray(String[]::new));
    connection.send(read.toArray(String[]::new));
    RespValue watched = Receipt.without(connection.receive());
    RespValue held = Receipt.without(connection.receive());
    if (watched instanceof RespValue.Failure
        || !(held instanceof RespValue.Sequence(List<RespValue> values))) {
      return false;
    }
    for (int i = 0; i < steps.size(); i++) {
      String value = values.get(i) instanceof RespValue.Null ? null : values.get(i).toString();
      if (!Objects.equals(value, steps.get(i).argument())) {
        return false;
      }
    }
    return true;
  }

  private static void requireDone(RespValue reply) {
    if (Receipt.without(reply) instanceof RespValue.Failure failure) {
      throw new IllegalStateException("a transaction cannot be put together: " + failure);
    }
  }

  private static Answered nothingDone(Planned planned) {
    return new Answered(
        Outcome.FAILED, planned.steps().stream().map(Requests::open).toList(), null);
  }

  private static Answered executed(Planned planned, RespValue reply) {
    Receipt receipt = receipt(planned, reply);
    return switch (Receipt.without(reply)) {
      case RespValue.Failure failure -> refused(planned, failure, receipt);
      case RespValue.Null _ -> nothingDone(planned);
      case RespValue.Sequence(List<RespValue> answers) -> {
        requireLevel(planned, receipt);
        if (answers.size() != planned.steps().size()) {
          throw new IllegalStateException(planned + " was answered with " + answers);
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
          steps.add(done(planned.steps().get(i), answers.get(i)));
        }
        yield new Answered(Outcome.OK, steps, seen(receipt));
      }
      case RespValue other -> throw new IllegalStateException("EXEC answered " + other);
    };
  }

  /** A part of a transaction, whose answer has its version before it. */
  private static Step done(Step asked, RespValue reply) {
    RespValue bare = Receipt.without(reply);
    if (bare instanceof RespValue.Failure) {
      throw new IllegalStateException(asked + " in a transaction: " + bare);
    }
    Version version = null;
    if (reply instanceof RespValue.Attributed(Map<String, RespValue> attributes, var _)
        && attributes.get("versions") instanceof RespValue.Sequence(List<RespValue> versions)
        && !(versions.getFirst() instanceof RespValue.Null)) {
      version = Version.parse(versions.getFirst().toString());
    }
    // What SET answers is no mismatch.
    return done(asked, asked.kind().writesValue() ? NOTHING : bare, version);
  }

  // What is known of it

  private static Receipt receipt(Planned planned, RespValue reply) {
    Receipt receipt = Receipt.of(reply);
    if (receipt == null) {
      throw new IllegalStateException("no receipt of " + planned + ": " + reply);
    }
    return receipt;
  }

  private static void requireLevel(Planned planned, Receipt receipt) {
    if (receipt.level().compareTo(planned.level()) < 0) {
      throw new IllegalStateException("asked at " + planned.level() + ", had " + receipt);
    }
  }

  private static Answered refused(Planned planned, RespValue.Failure failure, Receipt receipt) {
    Outcome outcome = failure.code().equals("UNKNOWN") ? Outcome.UNKNOWN : Outcome.FAILED;
    if ((outcome == Outcome.UNKNOWN) != "unknown".equals(receipt.outcome())) {
      throw new IllegalStateException(failure + " and " + receipt);
    }
    return new Answered(
        outcome, planned.steps().stream().map(Requests::open).toList(), seen(receipt));
  }

  /** Of a request of which nothing came back. */
  static Answered lost(Planned planned) {
    return new Answered(
        Outcome.UNKNOWN, planned.steps().stream().map(Requests::open).toList(), null);
  }

  /** Of what did not happen, or is not known to have. */
  private static Step open(Step asked) {
    return new Step(
        asked.kind(),
        asked.key(),
        asked.kind().writesValue() ? asked.value() : null,
        asked.argument(),
        null,
        asked.lifeNanos());
  }

  private static io.gamut.verify.history.Receipt seen(Receipt receipt) {
    long age =
        receipt.ageMillis() == Receipt.AGE_UNKNOWN
            ? io.gamut.verify.history.Receipt.AGE_UNKNOWN
            : TimeUnit.MILLISECONDS.toNanos(receipt.ageMillis());
    return new io.gamut.verify.history.Receipt(receipt.level(), receipt.replica(), age);
  }
}
