package io.gamut.server.resp;

import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.Answer;
import io.gamut.server.request.Asked;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Goes through all keys for one request, a page at a time, so that others get their turn. */
final class Walk {
  /** Stands for all keys where one must be named. */
  static final Key ANY = Key.of("*");

  private static final int PAGE = 1_000;

  private final RespClient client;
  private final Asked asked;
  private final Answer answer;

  Walk(RespClient client, Asked asked, Answer answer) {
    this.client = client;
    this.asked = asked;
    this.answer = answer;
  }

  /** Pairs after a key, ascending; what was deleted and what has expired are among them. */
  List<Pair> page(@Nullable Key after, int limit) {
    return asked.level().isWeak()
        ? client.shared().services().scan(after, limit)
        : client.shared().services().scanCommitted(after, limit);
  }

  boolean isThere(Pair pair) {
    return pair.valueAt(System.currentTimeMillis()) != null;
  }

  /**
   * Visits every key that has a value.
   *
   * @param visit whether to go on
   * @param reply once it is through
   */
  void through(Predicate<Pair> visit, Consumer<ReplyWriter> reply) {
    visitFrom(null, visit, reply);
  }

  private void visitFrom(@Nullable Key after, Predicate<Pair> visit, Consumer<ReplyWriter> reply) {
    List<Pair> pairs = page(after, PAGE);
    for (Pair pair : pairs) {
      if (isThere(pair) && !visit.test(pair)) {
        end(reply);
        return;
      }
    }
    if (pairs.size() < PAGE || !client.connection().isOpen()) {
      end(reply);
    } else {
      client.connection().later(() -> visitFrom(pairs.getLast().key(), visit, reply));
    }
  }

  void end(Consumer<ReplyWriter> reply) {
    client.connection().end(answer, reply);
  }
}
