package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.server.service.NodeServices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The commands of one RESP connection, with its session, its default level and its options.
 *
 * <p>On the connection's event loop.
 */
final class Commands {
  private final NodeServices services;
  private final RespConnection connection;
  private final ClientState client;
  private final Reads reads;
  private final Writes writes;
  private final GamutCommands gamut;

  Commands(NodeServices services, RespConnection connection) {
    this.services = services;
    this.connection = connection;
    client = new ClientState(services);
    reads = new Reads(services, connection, client);
    writes = new Writes(services, connection, client);
    gamut = new GamutCommands(services, connection, client, this);
  }

  static String name(byte[] word) {
    return new String(word, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  /** Whether a request only writes, so that it may begin while writes of its kind are under way. */
  WriteKind writeKind(List<byte[]> request) {
    return writeKind(request, client.level());
  }

  private static WriteKind writeKind(List<byte[]> request, Consistency at) {
    String name = name(request.getFirst());
    if (name.equals("GAMUT") && request.size() > 3 && name(request.get(1)).equals("AT")) {
      return writeKind(
          request.subList(3, request.size()), Consistency.parse(name(request.get(2))).orElse(at));
    }
    return switch (name) {
      case "SET", "DEL" -> at.isWeak() ? WriteKind.WEAK : WriteKind.STRONG;
      case "SETNX", "INCR", "DECR", "INCRBY", "DECRBY", "APPEND", "FLUSHALL", "FLUSHDB" ->
          WriteKind.STRONG;
      default -> WriteKind.NONE;
    };
  }

  boolean isResp3() {
    return client.isResp3();
  }

  /** Runs a request at the connection's own level. */
  void run(List<byte[]> request) {
    run(request, client.level());
  }

  void run(List<byte[]> request, Consistency at) {
    String name = name(request.getFirst());
    switch (name) {
      case "GET", "EXISTS", "MGET", "SET", "DEL" -> takeData(name, request, at);
      // What reads and modifies is strong, whatever was asked for.
      case "SETNX", "INCR", "DECR", "INCRBY", "DECRBY", "APPEND", "FLUSHALL", "FLUSHDB" ->
          takeData(name, request, at.isWeak() ? Consistency.LINEARIZABLE : at);
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

  private void takeData(String name, List<byte[]> request, Consistency at) {
    Asked asked = client.ask(at);
    try {
      runData(name, request, asked);
    } catch (InvalidDataException e) {
      String message = Objects.requireNonNullElse(e.getMessage(), "invalid");
      connection.answerNow(writer -> client.refuse(asked, ErrorCode.ERR, message, writer));
    }
  }

  private void runData(String name, List<byte[]> request, Asked asked) {
    switch (name) {
      case "GET" -> {
        requireArguments(request, 2, 2);
        reads.get(Key.of(request.get(1)), asked);
      }
      case "EXISTS" -> {
        requireArguments(request, 2, Integer.MAX_VALUE);
        reads.exists(keys(request), asked);
      }
      case "MGET" -> {
        requireArguments(request, 2, Integer.MAX_VALUE);
        reads.getAll(keys(request), asked);
      }
      case "SET" -> {
        requireArguments(request, 3, 3);
        writes.set(Key.of(request.get(1)), Content.Value.of(request.get(2)), asked);
      }
      case "DEL" -> {
        requireArguments(request, 2, Integer.MAX_VALUE);
        writes.delete(keys(request), asked);
      }
      case "FLUSHALL", "FLUSHDB" -> flush(request, asked);
      default -> modify(name, request, asked);
    }
  }

  private void modify(String name, List<byte[]> request, Asked asked) {
    boolean isAlone = name.equals("INCR") || name.equals("DECR");
    requireArguments(request, isAlone ? 2 : 3, isAlone ? 2 : 3);
    Key key = Key.of(request.get(1));
    switch (name) {
      case "SETNX" -> writes.setIfAbsent(key, Content.Value.of(request.get(2)), asked);
      case "APPEND" -> writes.append(key, request.get(2), asked);
      case "INCR" -> writes.increment(key, 1, asked);
      case "DECR" -> writes.increment(key, -1, asked);
      case "INCRBY" -> writes.increment(key, number(request.get(2)), asked);
      default -> writes.increment(key, negated(number(request.get(2))), asked);
    }
  }

  /**
   * Deletes every key: in the ledger, whatever the connection's level. Done at once either way, so
   * ASYNC and SYNC are the same.
   */
  private void flush(List<byte[]> request, Asked asked) {
    requireArguments(request, 1, 2);
    if (request.size() == 2 && !Set.of("ASYNC", "SYNC").contains(name(request.get(1)))) {
      throw new InvalidDataException("syntax error");
    }
    writes.clear(asked);
  }

  private static long number(byte[] word) {
    try {
      return Long.parseLong(new String(word, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException _) {
      throw new InvalidDataException("value is not an integer or out of range");
    }
  }

  private static long negated(long number) {
    if (number == Long.MIN_VALUE) {
      throw new InvalidDataException("decrement would overflow");
    }
    return -number;
  }

  static void requireArguments(List<byte[]> request, int least, int most) {
    if (request.size() < least || request.size() > most) {
      String name = name(request.getFirst()).toLowerCase(Locale.ROOT);
      throw new InvalidDataException("wrong number of arguments for '" + name + "' command");
    }
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
        case "2" -> client.setResp3(false);
        case "3" -> client.setResp3(true);
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
      writer.integer(client.isResp3() ? 3 : 2);
      writer.bulk("mode");
      writer.bulk("cluster");
      writer.bulk("role");
      writer.bulk("replica");
      writer.bulk("node");
      writer.integer(services.node().value());
    });
  }
}
