package io.gamut.server.resp;

import io.gamut.core.Condition;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Found;
import io.gamut.server.request.Outcome;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** Transactions: what is queued is done by the ledger at one moment. */
final class TransactionCommands {
  /** What is run, and not queued, while a transaction is put together. */
  static final Set<String> RUN_IN_MULTI =
      Set.of("MULTI", "EXEC", "DISCARD", "WATCH", "QUIT", "RESET");

  private TransactionCommands() {}

  static List<Command> all() {
    return List.of(
        command(
            "MULTI",
            1,
            KeyPlaces.NONE,
            "1.2.0",
            "Begins a transaction.",
            (client, _) -> multi(client)),
        command(
            "EXEC",
            1,
            KeyPlaces.NONE,
            "1.2.0",
            "Does what was queued.",
            (client, _) -> exec(client)),
        command(
            "DISCARD",
            1,
            KeyPlaces.NONE,
            "2.0.0",
            "Gives a transaction up.",
            (client, _) -> discard(client)),
        command(
            "WATCH",
            -2,
            KeyPlaces.ALL,
            "2.2.0",
            "Lets a transaction come about only if keys are as they are now.",
            TransactionCommands::watch),
        command(
            "UNWATCH",
            1,
            KeyPlaces.NONE,
            "2.2.0",
            "Watches no key any more.",
            (client, _) -> {
              client.multi().unwatch();
              ok(client);
            }));
  }

  private static Command command(
      String name,
      int arity,
      KeyPlaces keys,
      String since,
      String summary,
      BiConsumer<RespClient, Arguments> run) {
    return new Command(
        name, arity, Access.NONE, keys, Group.TRANSACTIONS, since, summary, new Direct(run));
  }

  private static void ok(RespClient client) {
    client.connection().answerNow(writer -> writer.simple("OK"));
  }

  private static void multi(RespClient client) {
    if (client.multi().isOpen()) {
      throw new InvalidDataException("MULTI calls can not be nested");
    }
    client.multi().begin();
    ok(client);
  }

  private static void discard(RespClient client) {
    if (!client.multi().isOpen()) {
      throw new InvalidDataException("DISCARD without MULTI");
    }
    client.multi().end();
    ok(client);
  }

  private static void watch(RespClient client, Arguments arguments) {
    if (client.multi().isOpen()) {
      throw new InvalidDataException("WATCH inside MULTI is not allowed");
    }
    List<Key> keys = arguments.keys(1, 1);
    client.multi().requireRoomToWatch(keys.size());
    Asked asked = client.ask().strong();
    Answer answer = client.connection().begin(Kind.ALONE);
    client
        .reads()
        .read(
            keys,
            asked,
            outcome -> {
              if (outcome instanceof Outcome.Done<List<Found>>(List<Found> found, var _)) {
                client.multi().watch(keys, found);
              }
              client
                  .connection()
                  .end(
                      answer,
                      writer ->
                          client.answer(asked, outcome, (_, out) -> out.simple("OK"), writer));
            });
    client.reads().flush();
  }

  private static void exec(RespClient client) {
    Multi multi = client.multi();
    if (!multi.isOpen()) {
      throw new InvalidDataException("EXEC without MULTI");
    }
    if (multi.isBroken()) {
      multi.end();
      client
          .connection()
          .answerNow(writer ->
              writer.error("EXECABORT Transaction discarded because of previous errors."));
      return;
    }
    List<Plan> plans = multi.queued();
    List<Condition> conditions = multi.conditions();
    List<Minitransaction> steps = multi.steps();
    multi.end();
    if (steps.isEmpty() && conditions.isEmpty()) {
      client.connection().answerNow(writer -> Multi.report(plans, List.of(), false, writer));
      return;
    }
    Asked asked = client.ask().strong();
    Operation transaction = new Operation.Transaction(conditions, steps);
    Answer answer = client.connection().begin(Kind.STRONG_WRITE);
    client
        .writes()
        .execute(
            transaction,
            asked,
            outcome ->
                client
                    .connection()
                    .end(
                        answer,
                        writer ->
                            client.answer(
                                asked,
                                outcome,
                                (result, out) ->
                                    report(plans, result, client.tellsReceipts(out), out),
                                writer)));
  }

  private static void report(
      List<Plan> plans, OperationResult result, boolean tellsVersions, ReplyWriter writer) {
    if (result instanceof OperationResult.Transacted(List<OperationResult> steps)) {
      Multi.report(plans, steps, tellsVersions, writer);
    } else {
      writer.nullArray();
    }
  }
}
