package io.gamut.server.http;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Version;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Found;
import io.gamut.server.request.Outcome;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** Requests for one key. */
final class KeyRequests {
  static final String FLAGS = "Gamut-Flags";
  static final String EXPIRES = "Gamut-Expires";

  /** Whether there was a value before a write, as seen where it was made. */
  static final String REPLACED = "Gamut-Replaced";

  private static final int KEY_PLACE = 2;
  private static final Set<String> NONE = Set.of();

  private KeyRequests() {}

  private static Key key(Exchange exchange) {
    return Key.of(exchange.target().segments().get(KEY_PLACE));
  }

  // Reads

  static void get(Exchange exchange) {
    exchange.target().requireOnly(NONE);
    Key key = key(exchange);
    Asked asked = exchange.ask();
    Accepted accepted = Accepted.of(exchange.headers());
    Outcome.Done<Found> now = exchange.client().reads().readNow(key, asked);
    if (now != null) {
      exchange.answer(found(exchange, key, now.value(), accepted), now.receipt(), asked);
      return;
    }
    exchange
        .client()
        .reads()
        .read(
            List.of(key),
            asked,
            exchange.answering(asked, found -> found(exchange, key, found.getFirst(), accepted)));
    exchange.client().reads().flush();
  }

  private static Answer found(Exchange exchange, Key key, Found found, Accepted accepted) {
    Content.Value value = found.value();
    Version version = value == null ? null : found.version();
    if (!Preconditions.mayRead(exchange.headers(), version)) {
      Answer unmet = Answer.of(Problem.CONDITION, "If-Match does not name what is there");
      return version == null ? unmet : unmet.with(HttpHeaderNames.ETAG, Preconditions.tag(version));
    }
    if (value == null || version == null) {
      return Answer.of(Problem.NO_KEY, "there is no value at this key");
    }
    Answer answer =
        Preconditions.isKnown(exchange.headers(), version)
            ? Answer.empty(HttpResponseStatus.NOT_MODIFIED)
            : shown(key, version, value, accepted);
    answer
        .with(HttpHeaderNames.ETAG, Preconditions.tag(version))
        .with(HttpHeaderNames.VARY, "accept, gamut-level, gamut-session")
        .with(FLAGS, Integer.toUnsignedString(value.flags()));
    return value.expiresAtMillis() == 0
        ? answer
        : answer.with(EXPIRES, Long.toString(value.expiresAtMillis()));
  }

  private static Answer shown(Key key, Version version, Content.Value value, Accepted accepted) {
    return switch (accepted) {
      case OCTETS -> Answer.octets(value.bytes());
      case JSON ->
          Answer.json(
              HttpResponseStatus.OK, json -> Entries.write(key, version, value, true, json));
    };
  }

  // Writes

  static void put(Exchange exchange) {
    exchange.target().requireOnly(ValueOptions.NAMES);
    Key key = key(exchange);
    requirePlain(exchange);
    Content.Value value =
        ValueOptions.of(exchange.target(), exchange.services().clock()).value(exchange.body());
    set(exchange, key, value);
  }

  static void delete(Exchange exchange) {
    exchange.target().requireOnly(NONE);
    set(exchange, key(exchange), Content.Tombstone.TOMBSTONE);
  }

  /** A part of a value, or one that is compressed, would be kept as if it were the value. */
  private static void requirePlain(Exchange exchange) {
    if (exchange.headers().contains(HttpHeaderNames.CONTENT_RANGE)) {
      throw ProblemException.malformed("a part of a value cannot be written");
    }
    String coding = exchange.headers().get(HttpHeaderNames.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          Problem.MEDIA_TYPE, "a body is kept as it comes, without saying that it is " + coding);
    }
  }

  private static void set(Exchange exchange, Key key, Content content) {
    Asked asked = exchange.ask();
    Change.Put put = new Change.Put(key, content);
    List<Condition> conditions = Preconditions.ofWrite(exchange.headers(), key);
    if (conditions.isEmpty()) {
      exchange
          .client()
          .writes()
          .put(
              List.of(put),
              asked,
              exchange.answering(asked, results -> written(content, results.getFirst())));
    } else {
      modify(exchange, conditions, put, asked, KeyRequests::written);
    }
  }

  private static Answer written(Change change, ChangeResult result) {
    Content content =
        change instanceof Change.Put(Key _, Content put) ? put : Content.Tombstone.TOMBSTONE;
    return written(content, result);
  }

  private static Answer written(Content content, ChangeResult result) {
    boolean isValue = content instanceof Content.Value;
    boolean isNew = isValue && !result.replacedValue();
    Answer answer =
        Answer.empty(isNew ? HttpResponseStatus.CREATED : HttpResponseStatus.NO_CONTENT)
            .with(REPLACED, Boolean.toString(result.replacedValue()));
    return isValue && result.version() != null
        ? answer.with(HttpHeaderNames.ETAG, Preconditions.tag(result.version()))
        : answer;
  }

  // What reads and modifies

  static void increment(Exchange exchange) {
    exchange.target().requireOnly(Set.of("by"));
    Key key = key(exchange);
    long by = exchange.target().number("by", 1, Long.MIN_VALUE, Long.MAX_VALUE);
    change(exchange, key, new Change.Increment(key, by));
  }

  static void append(Exchange exchange) {
    exchange.target().requireOnly(NONE);
    Key key = key(exchange);
    requirePlain(exchange);
    change(exchange, key, new Change.Append(key, exchange.body(), false));
  }

  private static void change(Exchange exchange, Key key, Change change) {
    List<Condition> conditions = Preconditions.ofWrite(exchange.headers(), key);
    modify(exchange, conditions, change, exchange.ask(), KeyRequests::changed);
  }

  private static Answer changed(Change change, ChangeResult result) {
    Answer answer =
        Answer.json(HttpResponseStatus.OK, json -> BatchRequests.writeDone(change, result, json));
    answer.with(REPLACED, Boolean.toString(result.replacedValue()));
    return result.version() == null
        ? answer
        : answer.with(HttpHeaderNames.ETAG, Preconditions.tag(result.version()));
  }

  private static void modify(
      Exchange exchange,
      List<Condition> conditions,
      Change change,
      Asked atAnyLevel,
      BiFunction<Change, ChangeResult, Answer> done) {
    Asked asked = atAnyLevel.strong();
    exchange
        .client()
        .writes()
        .execute(
            new Operation.Minitransaction(conditions, List.of(change), false),
            asked,
            exchange.answering(
                asked,
                result ->
                    switch (result) {
                      case OperationResult.Changed(List<ChangeResult> changes) ->
                          done.apply(change, changes.getFirst());
                      case OperationResult.Unmet(int index, Version version) -> {
                        Answer unmet =
                            Answer.of(Problem.CONDITION, "nothing was written: read what is there");
                        yield version != null && Preconditions.isThere(conditions.get(index))
                            ? unmet.with(HttpHeaderNames.ETAG, Preconditions.tag(version))
                            : unmet;
                      }
                      case OperationResult.Failed(OperationResult.Problem problem) ->
                          Answer.of(Problem.of(problem), problem.words());
                      case OperationResult.Transacted _,
                          OperationResult.Cleared _,
                          OperationResult.Withdrawn _ ->
                          throw new IllegalStateException(result.toString());
                    }));
  }
}
