package io.gamut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** Nodes with HTTP in this process, over real sockets; each exchange is held to the document. */
final class HttpCluster implements AutoCloseable {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private final List<Node> nodes = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ApiDocument document = new ApiDocument();

  /** An answer as tests look at it. */
  record Got(HttpResponse<byte[]> response, ApiDocument document) {
    int status() {
      return response.statusCode();
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
      return response.body();
    }

    JsonNode json() {
      return document.parse(response.body());
    }

    /** A header, or nothing. */
    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String session() {
      return header("Gamut-Session");
    }
  }

  HttpCluster(Path directory, int count) throws Exception {
    for (int id = 0; id < count; id++) {
      NodeConfig.Builder config =
          NodeConfig.of(new NodeId(id), directory.resolve("node-" + id)).toBuilder();
      config.http(new Endpoint("127.0.0.1", 0)).lab(true).defaultLevel(Consistency.SESSION);
      if (id > 0) {
        config.join(nodes.getFirst().overlayAddress());
      }
      nodes.add(Node.start(config.build()));
    }
    for (int id = 0; id < count; id++) {
      int at = id;
      await(
          "all vote",
          () -> get(at, "/v1/status").json().get("ledger").get("voters").size() == count);
    }
  }

  Endpoint http(int id) {
    return nodes.get(id).httpAddress().orElseThrow();
  }

  Node node(int id) {
    return nodes.get(id);
  }

  ApiDocument document() {
    return document;
  }

  Got get(int id, String target, String... headers) {
    return call(id, "GET", target, new byte[0], headers);
  }

  Got put(int id, String target, String body, String... headers) {
    return call(id, "PUT", target, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Got delete(int id, String target, String... headers) {
    return call(id, "DELETE", target, new byte[0], headers);
  }

  Got post(int id, String target, String body, String... headers) {
    return call(id, "POST", target, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Got batch(int id, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
    all.addAll(List.of(headers));
    return post(id, "/v1/batch", body, all.toArray(new String[0]));
  }

  Got call(int id, String method, String target, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + http(id) + target))
            .version(HttpClient.Version.HTTP_1_1)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      Map<String, String> flat = new TreeMap<>();
      response.headers().map().forEach((name, all) -> flat.put(name, String.join(",", all)));
      document.check(method, target, response.statusCode(), flat, response.body());
      return new Got(response, document);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Cuts or heals all links of a server, at its end. */
  void links(String verb, int id) {
    Endpoint resp = nodes.get(id).respAddress();
    try (Jedis jedis = new Jedis(resp.host(), resp.port(), 30_000)) {
      for (int other = 0; other < nodes.size(); other++) {
        if (other != id) {
          jedis.sendCommand(
              () -> "GAMUT".getBytes(StandardCharsets.US_ASCII), "LINK", verb, "" + other);
        }
      }
    }
  }

  int leader() {
    int[] found = {-1};
    await(
        "somebody leads",
        () -> {
          for (int id = 0; id < nodes.size(); id++) {
            JsonNode leader = get(id, "/health/ready?level=linearizable").json().get("leader");
            if (leader != null && leader.isNumber() && leader.asInt() == id) {
              found[0] = id;
            }
          }
          return found[0] >= 0;
        });
    return found[0];
  }

  /** A condition that may fail to be looked at. */
  @FunctionalInterface
  interface Check {
    boolean holds() throws IOException;
  }

  static void await(String what, Check condition) {
    long limit = System.nanoTime() + LIMIT_NANOS;
    try {
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(limit);
        LockSupport.parkNanos(1_000_000);
      }
    } catch (IOException e) {
      throw new AssertionError(what, e);
    }
  }

  @Override
  public void close() {
    nodes.forEach(Node::kill);
    client.close();
  }
}
