package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
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

  void get(Key key, Consistency at) {
    Requirement requirement = client.session().requirement(key, at);
    if (at.isWeak() && services.isReadable(key, requirement)) {
      Pair pair = services.lookup(key);
      observe(key, pair, 0, at);
      connection.answerNow(writer -> answer(key, pair, at, writer));
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
                    case Reply.Read(Pair pair, long index) -> {
                      observe(key, pair, index, at);
                      answer(key, pair, at, writer);
                    }
                    case Reply.Failed failed -> client.writeFailure(failed, writer);
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

  private void observe(Key key, @Nullable Pair pair, long index, Consistency at) {
    if (pair != null) {
      client.session().observe(key, pair.version(), pair.mark(), at);
    }
    if (!at.isWeak()) {
      client.session().observe(new LedgerPosition(index));
    }
  }

  private void answer(Key key, @Nullable Pair pair, Consistency at, ReplyWriter writer) {
    client.writeReceipt(key, pair, at, writer);
    write(value(pair, at), writer);
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
  void exists(List<Key> keys, Consistency at) {
    readAll(
        keys,
        at,
        (pairs, writer) ->
            writer.integer(pairs.stream().filter(pair -> value(pair, at) != null).count()));
  }

  /** The values, in order. */
  void getAll(List<Key> keys, Consistency at) {
    readAll(
        keys,
        at,
        (pairs, writer) -> {
          writer.array(pairs.size());
          pairs.forEach(pair -> write(value(pair, at), writer));
        });
  }

  /** Reads several keys one after the other; the answer comes when all are there. */
  private void readAll(List<Key> keys, Consistency at, BiConsumer<List<Pair>, ReplyWriter> reply) {
    readRest(keys, at, new ArrayList<>(keys.size()), connection.beginWait(), reply);
  }

  private void readRest(
      List<Key> keys,
      Consistency at,
      List<Pair> read,
      Answer answer,
      BiConsumer<List<Pair>, ReplyWriter> reply) {
    while (read.size() < keys.size()) {
      Key key = keys.get(read.size());
      Requirement requirement = client.session().requirement(key, at);
      if (!at.isWeak() || !services.isReadable(key, requirement)) {
        ask(
            key,
            requirement,
            at,
            outcome -> {
              if (outcome instanceof Reply.Read(Pair pair, long index)) {
                add(key, pair, index, at, read);
                readRest(keys, at, read, answer, reply);
              } else if (outcome instanceof Reply.Failed failed) {
                connection.endWait(answer, writer -> client.writeFailure(failed, writer));
              }
            });
        return;
      }
      add(key, services.lookup(key), 0, at, read);
    }
    connection.endWait(answer, writer -> reply.accept(read, writer));
  }

  private void add(Key key, @Nullable Pair pair, long index, Consistency at, List<Pair> read) {
    observe(key, pair, index, at);
    read.add(pair == null ? ABSENT : pair);
  }
}
