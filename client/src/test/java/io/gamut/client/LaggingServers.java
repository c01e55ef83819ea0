package io.gamut.client;

import io.gamut.client.ScriptedServer.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Servers that keep one order of writes and show it late: each has a part of it, up to where it has
 * caught up. A session's token says how much of the order it has seen; who has less answers
 * ERR_DEP.
 */
final class LaggingServers implements AutoCloseable {
  private record Write(String key, String value) {}

  private final List<Write> order = new ArrayList<>();
  private final Map<Integer, Integer> caughtUp = new ConcurrentHashMap<>();
  private final List<ScriptedServer> servers = new CopyOnWriteArrayList<>();

  LaggingServers(int count) {
    for (int i = 0; i < count; i++) {
      int server = i;
      caughtUp.put(server, 0);
      servers.add(ScriptedServer.with(request -> answer(server, request)));
    }
  }

  String[] addresses() {
    return servers.stream().map(ScriptedServer::address).toArray(String[]::new);
  }

  ScriptedServer server(int number) {
    return servers.get(number);
  }

  synchronized void catchUp(int server) {
    caughtUp.put(server, order.size());
  }

  private synchronized String answer(int server, Request request) {
    int seen = seen(request.token());
    if (request.name().equals("GAMUT")) {
      return joined(server, request);
    }
    if (request.name().equals("SET")) {
      order.add(new Write(request.word(1), request.word(2)));
      catchUp(server);
      return receipted(request, order.size(), "applied", ScriptedServer.OK);
    }
    int here = caughtUp.getOrDefault(server, 0);
    if (seen > here) {
      return receipted(request, seen, "not applied", "-ERR_DEP not here yet\r\n");
    }
    String body = ScriptedServer.NULL;
    for (Write write : order.subList(0, here)) {
      if (write.key.equals(request.word(1))) {
        body = ScriptedServer.bulk(write.value);
      }
    }
    return receipted(request, here, null, body);
  }

  /** {@code GAMUT SESSION}: this server's connections of errands are never shared. */
  private String joined(int server, Request request) {
    List<String> tokens = request.words().subList(2, request.words().size());
    if (!tokens.isEmpty()) {
      joined.put(
          server + "/" + request.connection(),
          tokens.stream().mapToInt(LaggingServers::seen).max().orElse(0));
      return ScriptedServer.OK;
    }
    return ScriptedServer.bulk(token(joined.getOrDefault(server + "/" + request.connection(), 0)));
  }

  private final Map<String, Integer> joined = new ConcurrentHashMap<>();

  private static String receipted(
      Request request, int seen, @Nullable String outcome, String body) {
    String token = request.token() == null ? null : token(Math.max(seen, seen(request.token())));
    String level = request.level() == null ? "eventual" : request.level();
    return ScriptedServer.receipted(level, token, outcome, body);
  }

  private static String token(int seen) {
    return "seen-" + seen;
  }

  private static int seen(@Nullable String token) {
    return token == null || token.isEmpty() ? 0 : Integer.parseInt(token.substring(5));
  }

  @Override
  public void close() {
    servers.forEach(ScriptedServer::close);
  }
}
