package io.gamut.server.http;

import io.gamut.core.TokenSeal;
import io.gamut.server.access.User;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Outcome;
import io.gamut.server.request.Reads;
import io.gamut.server.request.Receipt;
import io.gamut.server.request.Writes;
import io.gamut.server.service.NodeServices;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One request that is here in full, and the way to answer it. On its connection's event loop.
 *
 * @param user whose request it is
 * @param number of the request on its connection
 * @param body not a copy: read only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Exchange(
    Client client,
    User user,
    long number,
    HttpMethod method,
    Target target,
    HttpHeaders headers,
    byte[] body) {
  /** What requests of one connection have in common. */
  interface Client {
    NodeServices services();

    Reads reads();

    Writes writes();

    TokenSeal seal();

    /** Answers the request that is being done. Once. */
    void answer(Answer answer);

    /** Runs a task on the connection's event loop, after others have had their turn. */
    void later(Runnable task);

    /** The same, after a while. */
    void later(Runnable task, long delay, TimeUnit unit);

    /** Whether anybody waits for the answer still. */
    boolean isOpen();
  }

  NodeServices services() {
    return client.services();
  }

  /** How data is asked for. Throws {@link ProblemException} where that cannot be read. */
  Asked ask() {
    return Levels.read(
        headers, user.level().orElse(services().defaultLevel()), services(), client.seal(), number);
  }

  void answer(Answer answer) {
    client.answer(answer);
  }

  /** Answers a data request, with its receipt. */
  void answer(Answer answer, Receipt receipt, Asked asked) {
    answer(receiptHeaders().put(answer, receipt, asked));
  }

  /** The same, of a request that was not for keys that it named. */
  void answerOfMany(Answer answer, Receipt receipt, Asked asked) {
    answer(receiptHeaders().putOfMany(answer, receipt, asked));
  }

  private ReceiptHeaders receiptHeaders() {
    return new ReceiptHeaders(client.seal());
  }

  /** Answers with what was done, or with why it was not. */
  <T> Consumer<Outcome<T>> answering(Asked asked, Function<T, Answer> answer) {
    return outcome -> {
      switch (outcome) {
        case Outcome.Done<T>(T value, Receipt receipt) ->
            answer(answer.apply(value), receipt, asked);
        case Outcome.Refused<T>(var code, String message, Receipt receipt) ->
            answer(Answer.of(Problem.of(code), message), receipt, asked);
      }
    };
  }
}
