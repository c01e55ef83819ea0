package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.TokenSeal;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.replication.Input;
import io.gamut.server.service.NodeServices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one RESP connection, with its session, its default level and its options.
 *
 * <p>On the connection's event loop.
 */
final class Commands {
  private final NodeServices services;
  private final RespConnection connection;
  private final GamutCommands gamut;
  private final Session session = new Session();
  private final TokenSeal seal;
  private Consistency level;
  private int waitMillis;
  private boolean receipts;
  private boolean resp3;

  Commands(NodeServices services, RespConnection connection) {
    this.services = services;
    this.connection = connection;
    this.gamut = new GamutCommands(services, connection, this);
    this.seal = services.newSeal();
    this.level = services.defaultLevel();
    this.waitMillis = services.waitMillis();
  }

  static String name(byte[] word) {
    return new String(word, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  /** Whether a request only writes, so that it may begin while writes before it are under way. */
  static boolean isWrite(List<byte[]> request) {
    String name = name(request.getFirst());
    if (name.equals("GAMUT") && request.size() > 3 && name(request.get(1)).equals("AT")) {
      return isWrite(request.subList(3, request.size()));
    }
    return name.equals("SET") || name.equals("DEL");
  }

  boolean isResp3() {
    return resp3;
  }

  // The settings that GAMUT's subcommands change

  Session session() {
    return session;
  }

  TokenSeal seal() {
    return seal;
  }

  Consistency level() {
    return level;
  }

  void setLevel(Consistency to) {
    level = to;
  }

  int waitMillis() {
    return waitMillis;
  }

  void setWaitMillis(int to) {
    waitMillis = to;
  }

  void setReceipts(boolean on) {
    receipts = on;
  }

  /** Runs a request at the connection's own level. */
  void run(List<byte[]> request) {
    run(request, level);
  }

  void run(List<byte[]> request, Consistency at) {
    String name = name(request.getFirst());
    switch (name) {
      case "GET" -> {
        requireArguments(request, 2, 2);
        get(Key.of(request.get(1)), requireWeak(at));
      }
      case "SET" -> {
        requireArguments(request, 3, 3);
        Content value = Content.Value.of(request.get(2));
        write(List.of(Key.of(request.get(1))), value, requireWeak(at));
      }
      case "DEL" -> {
        requireArguments(request, 2, Integer.MAX_VALUE);
        write(keys(request), Content.Tombstone.TOMBSTONE, requireWeak(at));
      }
      case "EXISTS" -> {
        requireArguments(request, 2, Integer.MAX_VALUE);
        readAll(keys(request), requireWeak(at), Commands::count);
      }
      case "MGET" -> {
        requireArguments(request, 2, Integer.MAX_VALUE);
        readAll(keys(request), requireWeak(at), Commands::values);
      }
      case "PING" -> ping(request);
      case "HELLO" -> hello(request);
      case "GAMUT" -> gamut.run(request);
      case "QUIT" -> {
        connection.answerNow(writer -> writer.simple("OK"));
        connection.closeWhenAnswered();
      }
      default -> {
        String shown = name.length() > 128 ? name.substring(0, 128) : name;
        throw new InvalidDataException("unknown command '" + shown + "'");
      }
    }
  }

  static void requireArguments(List<byte[]> request, int least, int most) {
    if (request.size() < least || request.size() > most) {
      String name = name(request.getFirst()).toLowerCase(Locale.ROOT);
      throw new InvalidDataException("wrong number of arguments for '" + name + "' command");
    }
  }

  private static Consistency requireWeak(Consistency level) {
    if (!level.isWeak()) {
      throw new InvalidDataException(
          "level "
              + level
              + " needs the ledger, which this release does not have; eventual, session and causal"
              + " work");
    }
    return level;
  }

  private static List<Key> keys(List<byte[]> request) {
    List<Key> keys = new ArrayList<>(request.size() - 1);
    for (byte[] word : request.subList(1, request.size())) {
      keys.add(Key.of(word));
    }
    return keys;
  }

  private void ping(List<byte[]> request) {
    requireArguments(request, 1, 2);
    if (request.size() == 2) {
      connection.answerNow(writer -> writer.bulk(request.get(1)));
    } else {
      connection.answerNow(writer -> writer.simple("PONG"));
    }
  }

  private void hello(List<byte[]> request) {
    if (request.size() > 1) {
      switch (name(request.get(1))) {
        case "2" -> resp3 = false;
        case "3" -> resp3 = true;
        default -> {
          connection.answerNow(writer -> writer.error("NOPROTO unsupported protocol version"));
          return;
        }
      }
    }
    connection.answerNow(writer -> {
      writer.map(6);
      writer.bulk("server");
      writer.bulk("gamut");
      writer.bulk("version");
      writer.bulk(GamutCommands.VERSION);
      writer.bulk("proto");
      writer.integer(resp3 ? 3 : 2);
      writer.bulk("mode");
      writer.bulk("cluster");
      writer.bulk("role");
      writer.bulk("replica");
      writer.bulk("node");
      writer.integer(services.node().value());
    });
  }

  // Reads

  private void get(Key key, Consistency at) {
    Requirement requirement = session.requirement(key, at);
    if (services.isReadable(key, requirement)) {
      Pair pair = services.lookup(key);
      connection.answerNow(writer -> answerRead(key, pair, at, writer));
      return;
    }
    Answer answer = connection.beginWait();
    ask(
        key,
        requirement,
        reply ->
            connection.endWait(
                answer,
                writer -> {
                  switch (reply) {
                    case Reply.Read(Pair pair) -> answerRead(key, pair, at, writer);
                    case Reply.Failed failed ->
                        writer.error(failed.code() + " " + failed.message());
                    case Reply.Written _, Reply.Done _ -> throw new IllegalStateException();
                  }
                }));
  }

  private void ask(Key key, Requirement requirement, Consumer<Reply> then) {
    long deadline = NodeServices.deadlineNanos(waitMillis);
    services.submit(
        request -> new Input.Read(request, key, requirement, deadline),
        reply -> connection.onThisLoop(() -> then.accept(reply)));
  }

  private void answerRead(Key key, @Nullable Pair pair, Consistency at, ReplyWriter writer) {
    if (pair != null) {
      session.observe(key, pair.version(), pair.dot(), at);
    }
    if (receipts && writer.hasAttributes()) {
      Receipts.write(services, seal, key, pair, at, writer);
    }
    Content.Value value = pair == null ? null : pair.valueAt(System.currentTimeMillis());
    if (value == null) {
      writer.nullValue();
    } else {
      writer.bulk(value.bytes());
    }
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
      Requirement requirement = session.requirement(key, at);
      if (!services.isReadable(key, requirement)) {
        ask(
            key,
            requirement,
            outcome -> {
              if (outcome instanceof Reply.Read(Pair pair)) {
                add(key, pair, at, read);
                readRest(keys, at, read, answer, reply);
              } else if (outcome instanceof Reply.Failed failed) {
                connection.endWait(
                    answer, writer -> writer.error(failed.code() + " " + failed.message()));
              }
            });
        return;
      }
      add(key, services.lookup(key), at, read);
    }
    connection.endWait(answer, writer -> reply.accept(read, writer));
  }

  private void add(Key key, @Nullable Pair pair, Consistency at, List<Pair> read) {
    if (pair != null) {
      session.observe(key, pair.version(), pair.dot(), at);
      read.add(pair);
    } else {
      read.add(ABSENT);
    }
  }

  /** Stands for a key that was never written, in lists. */
  private static final Pair ABSENT =
      new Pair(
          Key.of("absent"),
          Content.Tombstone.TOMBSTONE,
          new Version(0, new Origin(0, 0)),
          new Dot(new Origin(0, 0), 1));

  private static void count(List<Pair> pairs, ReplyWriter writer) {
    long now = System.currentTimeMillis();
    writer.integer(pairs.stream().filter(pair -> pair.valueAt(now) != null).count());
  }

  private static void values(List<Pair> pairs, ReplyWriter writer) {
    long now = System.currentTimeMillis();
    writer.array(pairs.size());
    for (Pair pair : pairs) {
      Content.Value value = pair.valueAt(now);
      if (value == null) {
        writer.nullValue();
      } else {
        writer.bulk(value.bytes());
      }
    }
  }

  // Writes

  /** Writes the same content at each key; a deletion answers how many keys it found here. */
  private void write(List<Key> keys, Content content, Consistency at) {
    Answer answer = connection.beginWrite();
    Writing writing = new Writing(keys, content, at, answer);
    long deadline = NodeServices.deadlineNanos(waitMillis);
    VersionVector dependencies = at == Consistency.CAUSAL ? session.causal() : VersionVector.EMPTY;
    for (Key key : keys) {
      services.submit(
          request ->
              new Input.Write(
                  request, key, content, dependencies, session.latest(), null, deadline),
          reply -> connection.onThisLoop(() -> writing.onReply(key, reply)));
    }
  }

  /** The writes of one request that are under way. */
  private final class Writing {
    private final List<Key> keys;
    private final Content content;
    private final Consistency at;
    private final Answer answer;
    private int missing;
    private long replaced;
    private @Nullable Reply last;
    private Reply.@Nullable Failed failed;

    Writing(List<Key> keys, Content content, Consistency at, Answer answer) {
      this.keys = keys;
      this.content = content;
      this.at = at;
      this.answer = answer;
      this.missing = keys.size();
    }

    void onReply(Key key, Reply reply) {
      last = reply;
      switch (reply) {
        case Reply.Written written -> {
          session.observe(key, written.version(), written.dot(), at);
          replaced += written.replacedValue() ? 1 : 0;
        }
        case Reply.Failed failure -> failed = failure;
        case Reply.Read _, Reply.Done _ -> throw new IllegalStateException();
      }
      missing--;
      if (missing == 0) {
        connection.endWrite(answer, this::answer);
      }
    }

    private void answer(ReplyWriter writer) {
      if (failed != null) {
        writer.error(failed.code() + " " + failed.message());
        return;
      }
      if (receipts && writer.hasAttributes() && last instanceof Reply.Written written) {
        Pair pair = new Pair(keys.getLast(), content, written.version(), written.dot());
        Receipts.write(services, seal, pair.key(), pair, at, writer);
      }
      if (content instanceof Content.Value) {
        writer.simple("OK");
      } else {
        writer.integer(replaced);
      }
    }
  }
}
