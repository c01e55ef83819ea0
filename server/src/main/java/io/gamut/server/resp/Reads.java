package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.replication.Input;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.service.NodeServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The reads of one connection, at any level. On the connection's event loop. */
final class Reads {
  /** Stands for a key that was never written, in lists. */
  private static final Pair ABSENT =
      new Pair(
          Key.of("absent"),
          Content.Tombstone.TOMBSTONE,
          new Version(0, new Origin(0, 0)),
          new LedgerPosition(0));

  private final NodeServices services;
  private final RespConnection connection;
  private final ClientState client;

  Reads(NodeServices services, RespConnection connection, ClientState client) {
    this.services = services;
    this.connection = connection;
    this.client = client;
  }

  void get(Key key, Asked asked) {
    Consistency at = asked.level();
    Requirement requirement = client.session().requirement(key, at);
    if (at.isWeak() && services.isReadable(key, requirement)) {
      Pair pair = services.lookup(key);
      Receipt receipt = observe(key, new Reply.Read(pair, 0), at);
      connection.answerNow(writer -> answer(pair, receipt, asked, writer));
      return;
    }
    Answer answer = connection.beginWait();
    ask(
        key,
        requirement,
        at,
        reply ->
            connection.endWait(
                answer,
                writer -> {
                  switch (reply) {
                    case Reply.Read read ->
                        answer(read.pair(), observe(key, read, at), asked, writer);
                    case Reply.Failed(ErrorCode code, String message) ->
                        client.refuse(asked, code, message, writer);
                    case Reply.Written _, Reply.Executed _, Reply.Done _ ->
                        throw new IllegalStateException();
                  }
                }));
  }

  private void ask(Key key, Requirement requirement, Consistency at, Consumer<Reply> then) {
    long deadline = client.deadlineNanos(at);
    Consumer<Reply> here = reply -> connection.onThisLoop(() -> then.accept(reply));
    if (at.isWeak()) {
      services.submit(request -> new Input.Read(request, key, requirement, deadline), here);
    } else {
      Freshness freshness = freshness(at);
      services.submitStrong(
          request -> new StrongInput.Read(request, key, requirement, freshness, deadline), here);
    }
  }

  private Freshness freshness(Consistency at) {
    return switch (at) {
      case EVENTUAL, SESSION, CAUSAL, SEQUENTIAL -> Freshness.Any.ANY;
      case BOUNDED -> new Freshness.AtMost(TimeUnit.MILLISECONDS.toNanos(client.boundMillis()));
      case LINEARIZABLE -> Freshness.Latest.LATEST;
    };
  }

  /** Lets the session learn from a read, and says how it was answered. */
  private Receipt observe(Key key, Reply.Read read, Consistency at) {
    Pair pair = read.pair();
    if (pair != null) {
      client.session().observe(key, pair.version(), pair.mark(), at);
    }
    if (!at.isWeak()) {
      client.session().observe(new LedgerPosition(read.index()));
    }
    long ageNanos = at == Consistency.LINEARIZABLE ? 0 : read.ageNanos();
    return Receipt.ofRead(key, pair, read.index(), ageNanos, at);
  }

  private void answer(@Nullable Pair pair, Receipt receipt, Asked asked, ReplyWriter writer) {
    client.report(asked, receipt, writer);
    write(value(pair, asked.level()), writer);
  }

  /** What a reader sees: at a strong level expiry has been judged by ledger time. */
  private static Content.@Nullable Value value(@Nullable Pair pair, Consistency at) {
    if (pair == null) {
      return null;
    }
    return at.isWeak() ? pair.valueAt(System.currentTimeMillis()) : pair.value();
  }

  private static void write(Content.@Nullable Value value, ReplyWriter writer) {
    if (value == null) {
      writer.nullValue();
    } else {
      writer.bulk(value.bytes());
    }
  }

  // Several keys

  /** How many of the keys have a value. */
  void exists(List<Key> keys, Asked asked) {
    readAll(
        keys,
        asked,
        (pairs, writer) ->
            writer.integer(
                pairs.stream().filter(pair -> value(pair, asked.level()) != null).count()));
  }

  /** The values, in order. */
  void getAll(List<Key> keys, Asked asked) {
    readAll(
        keys,
        asked,
        (pairs, writer) -> {
          writer.array(pairs.size());
          pairs.forEach(pair -> write(value(pair, asked.level()), writer));
        });
  }

  /** Reads several keys one after the other; the answer comes when all are there. */
  private void readAll(List<Key> keys, Asked asked, BiConsumer<List<Pair>, ReplyWriter> reply) {
    new ReadingAll(keys, asked, connection.beginWait(), reply).readRest();
  }

  /** The reads of one request that are under way. */
  private final class ReadingAll {
    private final List<Key> keys;
    private final Asked asked;
    private final Answer answer;
    private final BiConsumer<List<Pair>, ReplyWriter> reply;
    private final List<Pair> pairs;
    private @Nullable Receipt receipt;

    ReadingAll(
        List<Key> keys, Asked asked, Answer answer, BiConsumer<List<Pair>, ReplyWriter> reply) {
      this.keys = keys;
      this.asked = asked;
      this.answer = answer;
      this.reply = reply;
      pairs = new ArrayList<>(keys.size());
    }

    void readRest() {
      Consistency at = asked.level();
      while (pairs.size() < keys.size()) {
        Key key = keys.get(pairs.size());
        Requirement requirement = client.session().requirement(key, at);
        if (!at.isWeak() || !services.isReadable(key, requirement)) {
          ask(key, requirement, at, outcome -> onReply(key, outcome));
          return;
        }
        add(key, new Reply.Read(services.lookup(key), 0));
      }
      Receipt weakest = Objects.requireNonNull(receipt);
      connection.endWait(
          answer,
          writer -> {
            client.report(asked, weakest, writer);
            reply.accept(pairs, writer);
          });
    }

    private void onReply(Key key, Reply outcome) {
      switch (outcome) {
        case Reply.Read read -> {
          add(key, read);
          readRest();
        }
        case Reply.Failed(ErrorCode code, String message) ->
            connection.endWait(answer, writer -> client.refuse(asked, code, message, writer));
        case Reply.Written _, Reply.Executed _, Reply.Done _ -> throw new IllegalStateException();
      }
    }

    private void add(Key key, Reply.Read read) {
      Receipt one = observe(key, read, asked.level());
      receipt = receipt == null ? one : receipt.weakest(one);
      Pair pair = read.pair();
      pairs.add(pair == null ? ABSENT : pair);
    }
  }
}
