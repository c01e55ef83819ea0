package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Session;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.connection.Request;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Found;
import io.gamut.server.request.Outcome;
import io.gamut.server.request.Receipt;
import io.gamut.server.request.Said;
import io.gamut.server.resp.Command.Handler;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes requests of what one client says. On the connection's event loop. */
final class Commands {
  private static final int SHOWN_MAX = 128;

  private final RespClient client;
  private final InstantSource clock;
  private final PipelinedConnection<ReplyWriter> connection;

  Commands(RespClient client) {
    this.client = client;
    connection = client.connection();
    clock = client.shared().services().clock();
  }

  static String name(byte[] word) {
    return new String(word, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  /** Prepares a request: one that is wrong will answer with an error in its turn. */
  Request prepare(List<byte[]> said) {
    return understood(said).saying(said);
  }

  private Request understood(List<byte[]> said) {
    try {
      return prepare(new Prefixed(said));
    } catch (InvalidDataException e) {
      return refusal("ERR " + Objects.requireNonNullElse(e.getMessage(), "invalid"));
    } catch (CodedException e) {
      return refusal(e.code() + " " + e.getMessage());
    }
  }

  private Request refusal(String error) {
    client.multi().onRefused();
    return alone(writer -> writer.error(error));
  }

  /** A command behind what GAMUT AT and GAMUT IN say of it. */
  private final class Prefixed {
    private Arguments command;
    private Consistency level = client.level();
    private int boundMillis = client.boundMillis();
    private @Nullable Session session;
    private @Nullable Said said;

    Prefixed(List<byte[]> said) {
      command = new Arguments(said, clock);
      while (command.size() > 3 && command.word(0).equals("GAMUT")) {
        switch (command.word(1)) {
          case "AT" -> at(command.text(2));
          case "IN" -> in(command.text(2));
          default -> {
            return;
          }
        }
        command = command.from(3);
      }
    }

    private void at(String text) {
      int colon = text.indexOf(':');
      level = GamutCommands.parseLevel(bytes(colon < 0 ? text : text.substring(0, colon)));
      if (colon >= 0) {
        String bound = text.substring(colon + 1);
        boolean isNumber = bound.matches("\\d{1,6}") && level == Consistency.BOUNDED;
        if (!isNumber || Integer.parseInt(bound) > Limits.WAIT_MILLIS_MAX) {
          throw new InvalidDataException(
              "a bound stands behind bounded, as milliseconds from 0 to "
                  + Limits.WAIT_MILLIS_MAX
                  + ": bounded:500");
        }
        boundMillis = Integer.parseInt(bound);
      }
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    private void in(String token) {
      session = token.isEmpty() ? new Session() : client.seal().open(token, clock.millis());
    }

    /** The command that it turned out to be. */
    void is(Command known) {
      int place = known.keys().first();
      boolean hasKey = place > 0 && place < command.size() && isKey(command.bytes(place));
      said = new Said(known.name().replace('|', ' '), hasKey ? command.bytes(place) : null, level);
    }

    private static boolean isKey(byte[] word) {
      return word.length > 0 && word.length <= Limits.KEY_BYTES_MAX;
    }

    Asked ask() {
      return client.ask(level, boundMillis, session, said);
    }
  }

  private Request prepare(Prefixed prefixed) {
    Arguments arguments = prefixed.command;
    Command command = client.shared().commands().find(arguments);
    if (command == null) {
      throw new InvalidDataException(unknown(arguments));
    }
    prefixed.is(command);
    client.facts().onCommand(arguments.name());
    boolean isQueued = client.multi().isOpen();
    try {
      if (!command.accepts(arguments.size())) {
        throw arguments.wrongNumber();
      }
      Permissions.require(client.user(), command, arguments);
      return switch (command.handler()) {
        case Handler.Direct direct -> prepare(direct, command, prefixed);
        case Handler.Planned planned when isQueued -> queue(inTransaction(planned, arguments));
        case Handler.Planned planned -> prepare(planned.plan().apply(arguments), prefixed.ask());
      };
    } catch (InvalidDataException e) {
      if (isQueued || command.access() == Command.Access.NONE) {
        throw e;
      }
      return refusal(e, prefixed.ask());
    }
  }

  /** Of a command on data, which has a receipt. */
  private Request refusal(InvalidDataException wrong, Asked asked) {
    return alone(writer -> {
      client.report(
          asked,
          Receipt.ofError(ErrorCode.ERR, asked.level(), client.services().replica()),
          writer);
      writer.error(ErrorCode.ERR, Objects.requireNonNullElse(wrong.getMessage(), "invalid"));
    });
  }

  private Request alone(Consumer<ReplyWriter> reply) {
    return new Request(Kind.ALONE, null, () -> connection.answerNow(reply));
  }

  private Request queue(Plan plan) {
    client.multi().queue(plan);
    return alone(writer -> writer.simple("QUEUED"));
  }

  /** What is wrong with a command that there is, its transaction tells when it is done. */
  private static Plan inTransaction(Handler.Planned planned, Arguments arguments) {
    try {
      return planned.plan().apply(arguments);
    } catch (InvalidDataException e) {
      return new Plan.Say(writer -> writer.error("ERR " + e.getMessage()));
    }
  }

  /** In the words of Redis, which some clients look at. */
  private static String unknown(Arguments arguments) {
    StringBuilder text = new StringBuilder("unknown command '");
    text.append(shortened(arguments.text(0))).append("', with args beginning with: ");
    for (int place = 1; place < arguments.size() && text.length() < SHOWN_MAX; place++) {
      text.append('\'').append(shortened(arguments.text(place))).append("' ");
    }
    return text.toString();
  }

  private static String shortened(String word) {
    return word.length() > SHOWN_MAX ? word.substring(0, SHOWN_MAX) : word;
  }

  private Request prepare(Handler.Direct direct, Command command, Prefixed prefixed) {
    if (client.multi().isOpen() && !TransactionCommands.RUN_IN_MULTI.contains(command.name())) {
      throw new InvalidDataException("Command not allowed inside a transaction");
    }
    Arguments arguments = prefixed.command;
    return new Request(
        Kind.ALONE,
        null,
        () -> client.runPrefixed(prefixed::ask, () -> direct.run().accept(client, arguments)));
  }

  private Request prepare(Plan plan, Asked asked) {
    return switch (plan) {
      case Plan.Look look when !client.reads().gathers(asked.level()) ->
          new Request(Kind.ALONE, null, () -> readWeakly(look, asked));
      case Plan.Look look ->
          new Request(Kind.GATHERED_READ, asked, () -> read(look, asked, Kind.GATHERED_READ));
      case Plan.Put put -> {
        Kind kind = Kind.ofWrite(asked.level(), client.shared().services());
        yield new Request(kind, null, () -> put(put, asked, kind));
      }
      case Plan.Modify(var steps, var report) -> {
        boolean isAlone = steps.size() == 1;
        Operation operation =
            isAlone ? steps.getFirst() : new Operation.Transaction(List.of(), steps);
        yield strongly(
            operation,
            asked,
            (result, writer) -> report.accept(isAlone ? List.of(result) : steps(result), writer));
      }
      case Plan.Clear _ ->
          strongly(Operation.Clear.CLEAR, asked, (_, writer) -> writer.simple("OK"));
      case Plan.Say(var reply) -> alone(reply);
    };
  }

  private Request strongly(Operation operation, Asked asked, Report report) {
    Kind kind = Kind.of(operation);
    return new Request(kind, null, () -> execute(operation, asked.strong(), kind, report));
  }

  // Plans alone

  private void readWeakly(Plan.Look look, Asked asked) {
    Outcome.Done<Found> now =
        look.keys().size() == 1 ? client.reads().readNow(look.keys().getFirst(), asked) : null;
    if (now == null) {
      read(look, asked, Kind.ALONE);
      return;
    }
    connection.answerNow(writer -> {
      client.report(asked, now.receipt(), writer);
      look.report().accept(List.of(now.value()), writer);
    });
  }

  private void read(Plan.Look look, Asked asked, Kind kind) {
    Answer answer = connection.begin(kind);
    client
        .reads()
        .read(
            look.keys(),
            asked,
            outcome ->
                connection.end(
                    answer, writer -> client.answer(asked, outcome, look.report(), writer)));
  }

  private void put(Plan.Put put, Asked asked, Kind kind) {
    Answer answer = connection.begin(kind);
    client
        .writes()
        .put(
            put.puts(),
            asked,
            outcome ->
                connection.end(
                    answer, writer -> client.answer(asked, outcome, put.report(), writer)));
  }

  private static List<OperationResult> steps(OperationResult result) {
    if (result instanceof OperationResult.Transacted(List<OperationResult> steps)) {
      return steps;
    }
    throw new IllegalStateException(result.toString());
  }

  /** Answers an operation that was done. */
  @FunctionalInterface
  private interface Report {
    void write(OperationResult result, ReplyWriter writer);
  }

  private void execute(Operation operation, Asked asked, Kind kind, Report report) {
    Answer answer = connection.begin(kind);
    client
        .writes()
        .execute(
            operation,
            asked,
            outcome ->
                connection.end(
                    answer, writer -> client.answer(asked, outcome, report::write, writer)));
  }
}
