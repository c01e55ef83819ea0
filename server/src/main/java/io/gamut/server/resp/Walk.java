package io.gamut.server.resp;

import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.replication.remote.Page;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Outcome;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Goes through keys for one request, a page at a time, so that others get their turn. Where a page
 * cannot be had, the request is refused.
 */
final class Walk {
  private static final int PAGE = 1_000;

  private final RespClient client;
  private final Asked asked;
  private final Answer answer;
  private final boolean hasValues;

  private Walk(RespClient client, Asked asked, Answer answer, boolean hasValues) {
    this.client = client;
    this.asked = asked;
    this.answer = answer;
    this.hasValues = hasValues;
  }

  /** Begins to answer a request, with keys alone. */
  static Walk begin(RespClient client) {
    return new Walk(client, client.ask(), client.connection().begin(Kind.ALONE), false);
  }

  /** Begins to answer one with values, too. */
  static Walk withValues(RespClient client, Asked asked) {
    return new Walk(client, asked, client.connection().begin(Kind.ALONE), true);
  }

  /**
   * Gets pairs after a key, ascending; what was deleted and what has expired are among them. There
   * may be fewer than wanted before the end.
   */
  void page(@Nullable Key after, int limit, Consumer<Page> then) {
    client
        .reads()
        .list(
            after,
            limit,
            hasValues,
            asked,
            outcome -> {
              switch (outcome) {
                case Outcome.Done<Page>(Page page, var _) -> then.accept(page);
                case Outcome.Refused<Page> refused ->
                    end(writer -> writer.error(refused.code(), refused.message()));
              }
            });
  }

  boolean isThere(Pair pair) {
    return pair.valueAt(client.shared().services().clock().millis()) != null;
  }

  /**
   * Visits every key that has a value.
   *
   * @param visit whether to go on
   * @param reply once it is through
   */
  void through(Predicate<Pair> visit, Consumer<ReplyWriter> reply) {
    from(null, visit, () -> end(reply));
  }

  /**
   * Visits those after a key that have a value.
   *
   * @param visit whether to go on
   * @param then once it is through
   */
  void from(@Nullable Key after, Predicate<Pair> visit, Runnable then) {
    page(after, PAGE, page -> visit(page, visit, then));
  }

  private void visit(Page page, Predicate<Pair> visit, Runnable then) {
    for (Pair pair : page.pairs()) {
      if (isThere(pair) && !visit.test(pair)) {
        then.run();
        return;
      }
    }
    if (page.isEnd() || !client.connection().isOpen()) {
      then.run();
    } else {
      client.connection().later(() -> from(page.pairs().getLast().key(), visit, then));
    }
  }

  void end(Consumer<ReplyWriter> reply) {
    client.connection().end(answer, reply);
  }
}
