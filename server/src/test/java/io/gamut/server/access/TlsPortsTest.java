package io.gamut.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Client libraries over TLS, and clients that speak none on ports that do. */
@Timeout(120)
final class TlsPortsTest {
  /** Half of the time that a greeting may take. */
  private static final int SOON_MILLIS = 5_000;

  @TempDir private static Path directory;
  private static Certificates server;
  private static Certificates client;

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = new Certificates(directory, "server");
    client = new Certificates(directory, "client");
  }

  private static Node start(String name, TlsFiles tls) throws Exception {
    Endpoint any = new Endpoint("127.0.0.1", 0);
    return Node.start(
        NodeConfig.of(new NodeId(1), directory.resolve(name)).toBuilder()
            .http(any)
            .memcached(any)
            .access(AccessConfig.OPEN.withTls(tls))
            .build());
  }

  @SuppressWarnings("deprecation") // what replaces it takes files of Java's own form only
  private static Jedis jedis(Node node, SSLContext context) {
    return new Jedis(
        new HostAndPort(node.respAddress().host(), node.respAddress().port()),
        DefaultJedisClientConfig.builder()
            .ssl(true)
            .sslSocketFactory(context.getSocketFactory())
            .build());
  }

  @Test
  void clientLibrariesSpeakTls() throws Exception {
    Node node = start("all", server.files());
    SSLContext context = server.trusting(Optional.empty());
    try (Jedis jedis = jedis(node, context)) {
      String large = "x".repeat(3_000_000);
      assertThat(jedis.set("large", large)).isEqualTo("OK");
      assertThat(jedis.get("large")).isEqualTo(large);
      assertThat(lettuce(node)).isEqualTo("PONG");
      assertThat(http(node, context)).isEqualTo("1.1 201, then value");
      assertThat(memcached(node, context)).isEqualTo("STORED\r\nVA 5\r\nvalue\r\n");
    } finally {
      node.close();
    }
  }

  private static String lettuce(Node node) {
    RedisURI uri =
        RedisURI.builder()
            .withHost(node.respAddress().host())
            .withPort(node.respAddress().port())
            .withSsl(true)
            .build();
    try (RedisClient lettuce = RedisClient.create(uri)) {
      lettuce.setOptions(
          ClientOptions.builder()
              .sslOptions(SslOptions.builder().trustManager(server.certificate.toFile()).build())
              .build());
      try (StatefulRedisConnection<String, String> connection = lettuce.connect()) {
        return connection.sync().ping();
      }
    }
  }

  private static String http(Node node, SSLContext context) throws Exception {
    URI uri = URI.create("https://" + node.httpAddress().orElseThrow() + "/v1/keys/h");
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      int status =
          http.send(
                  HttpRequest.newBuilder(uri)
                      .PUT(HttpRequest.BodyPublishers.ofString("value"))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode();
      String read = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      return "1.1 " + status + ", then " + read;
    }
  }

  private static String memcached(Node node, SSLContext context) throws Exception {
    Endpoint address = node.memcachedAddress().orElseThrow();
    try (Socket socket = context.getSocketFactory().createSocket(address.host(), address.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("set m 0 0 5\r\nvalue\r\nmg m v\r\n".getBytes(StandardCharsets.US_ASCII));
      String expected = "STORED\r\nVA 5\r\nvalue\r\n";
      return new String(
          socket.getInputStream().readNBytes(expected.length()), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void requestsBeforeTheEndAreAnswered() throws Exception {
    try (Node node = start("piped", server.files())) {
      SSLContext context = server.trusting(Optional.empty());
      Endpoint resp = node.respAddress();
      try (Socket socket = context.getSocketFactory().createSocket(resp.host(), resp.port())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("SET k 1\r\nINCR k\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("+OK\r\n:2\r\n");
      }
    }
  }

  @Test
  void whoEndsBeforeTheGreetingIsLetGoAtOnce() throws Exception {
    try (Node node = start("ended", server.files())) {
      Endpoint resp = node.respAddress();
      for (byte[] begun : List.of(new byte[0], new byte[] {0x16, 3, 1, 2})) {
        try (Socket socket = new Socket(resp.host(), resp.port())) {
          socket.setSoTimeout(SOON_MILLIS);
          socket.getOutputStream().write(begun);
          socket.shutdownOutput();
          assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
      }
    }
  }

  @Test
  void whoSpeaksNoTlsIsDroppedAndOthersGoOn() throws Exception {
    Node node = start("plain", server.files());
    try (Jedis jedis = jedis(node, server.trusting(Optional.empty()))) {
      jedis.set("k", "v");
      for (Endpoint port :
          List.of(
              node.respAddress(),
              node.httpAddress().orElseThrow(),
              node.memcachedAddress().orElseThrow())) {
        for (String said : List.of("PING\r\n", "GET / HTTP/1.1\r\n\r\n", "\u0016\u0003")) {
          try (Socket plain = new Socket(port.host(), port.port())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
            plain.shutdownOutput();
            assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .doesNotContain("PONG", "HTTP");
          }
        }
      }
      assertThat(jedis.get("k")).isEqualTo("v");
    } finally {
      node.close();
    }
  }

  @Test
  void whereClientsNeedCertificatesNobodyComesInWithout() throws Exception {
    Node node =
        start(
            "mutual",
            new TlsFiles(server.certificate, server.key, Optional.of(client.certificate)));
    try (Jedis known = jedis(node, server.trusting(Optional.of(client)))) {
      assertThat(known.ping()).isEqualTo("PONG");
      for (Optional<Certificates> shown :
          List.of(Optional.<Certificates>empty(), Optional.of(server))) {
        SSLContext context = server.trusting(shown);
        assertThatThrownBy(() -> jedis(node, context).close())
            .isInstanceOf(JedisConnectionException.class);
      }
      assertThat(known.ping()).isEqualTo("PONG");
    } finally {
      node.close();
    }
  }

  @Test
  void filesThatCannotBeUsedAreNamedAtTheStart() throws Exception {
    Path garbage = directory.resolve("garbage");
    Files.writeString(garbage, "nothing\n");
    Path absent = directory.resolve("absent");
    refused(new TlsFiles(absent, server.key, Optional.empty()), "cannot read " + absent);
    refused(new TlsFiles(server.certificate, garbage, Optional.empty()), garbage.toString());
    refused(new TlsFiles(garbage, server.key, Optional.empty()), garbage.toString());
    refused(
        new TlsFiles(server.certificate, server.key, Optional.of(garbage)),
        garbage + " has no certificate");
    refused(new TlsFiles(server.certificate, client.key, Optional.empty()), "do not go together");
  }

  private static void refused(TlsFiles files, String words) {
    assertThatThrownBy(() -> start("never", files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(words);
  }
}
