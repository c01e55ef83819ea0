package io.gamut.server.resp;

import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.request.Asked;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Why a key is read as it is, and what it was before: for people. Neither is a request on data:
 * they leave no receipt, and sessions as they are.
 */
final class ExplainCommands {
  private static final KeyPlaces KEY = new KeyPlaces(2, 2, 1);

  /** More than a server keeps of one key. */
  private static final int COUNT_MAX = 1_000;

  private ExplainCommands() {}

  static List<Command> all() {
    return List.of(
        command(
            "GAMUT|EXPLAIN",
            3,
            "Returns what each replica holds of a key, and what each level would read now.",
            ExplainCommands::explain),
        command(
            "GAMUT|HISTORY",
            -3,
            "Returns the recent versions of a key on this server, newest first.",
            ExplainCommands::history));
  }

  private static Command command(
      String name, int arity, String summary, BiConsumer<RespClient, Arguments> run) {
    return new Command(
        name, arity, Access.NONE, KEY, Group.CONNECTION, "7.2.0", summary, new Direct(run));
  }

  private static void explain(RespClient client, Arguments arguments) {
    Key key = arguments.key(2);
    Asked asked = client.ask();
    answer(
        client,
        client.services().look(key),
        (looked, writer) -> new ExplanationWriter(writer, looked).write(key, asked, client));
  }

  private static void history(RespClient client, Arguments arguments) {
    Key key = arguments.key(2);
    int count = arguments.size() == 3 ? COUNT_MAX : count(arguments);
    answer(
        client,
        client.services().history(key, count),
        (history, writer) ->
            new HistoryWriter(writer, client.shared().services().node()).write(key, history));
  }

  private static int count(Arguments arguments) {
    if (arguments.size() != 5 || !arguments.word(3).equals("COUNT")) {
      throw Arguments.syntaxError();
    }
    long count = arguments.number(4);
    if (count < 1 || count > COUNT_MAX) {
      throw new InvalidDataException("a count is a whole number from 1 to " + COUNT_MAX);
    }
    return (int) count;
  }

  private static <T> void answer(
      RespClient client, CompletableFuture<T> told, BiConsumer<T, ReplyWriter> reply) {
    Answer answer = client.connection().begin(Kind.ALONE);
    var _ =
        told.whenComplete((found, failure) ->
            client
                .connection()
                .end(
                    answer,
                    writer -> {
                      if (failure == null) {
                        reply.accept(found, writer);
                      } else {
                        Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
                        writer.error(ErrorCode.ERR, String.valueOf(cause.getMessage()));
                      }
                    }));
  }
}
