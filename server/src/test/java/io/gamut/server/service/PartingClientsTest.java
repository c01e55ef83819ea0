package io.gamut.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.storage.journal.Durability;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send their requests and close their direction, as a shell's pipe does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class PartingClientsTest {
  private static final int MANY = 20_000;
  private static final int LONG = 5 << 20;

  private @Nullable Node node;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Endpoint any = new Endpoint("127.0.0.1", 0);
    node =
        Node.start(
            NodeConfig.of(new NodeId(1), directory).toBuilder()
                .http(any)
                .memcached(any)
                .durability(Durability.NONE)
                .build());
  }

  @AfterAll
  void stop() {
    Objects.requireNonNull(node).kill();
  }

  private Endpoint resp() {
    return Objects.requireNonNull(node).respAddress();
  }

  private Endpoint memcached() {
    return Objects.requireNonNull(node).memcachedAddress().orElseThrow();
  }

  private Endpoint http() {
    return Objects.requireNonNull(node).httpAddress().orElseThrow();
  }

  /** All that is answered to what is sent before the end, while it is still being sent. */
  private static String answers(Endpoint server, String requests) throws Exception {
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.setSoTimeout(30_000);
      Thread sending = Thread.startVirtualThread(() -> send(socket, requests));
      byte[] all = socket.getInputStream().readAllBytes();
      sending.join();
      return new String(all, StandardCharsets.ISO_8859_1);
    }
  }

  private static void send(Socket socket, String requests) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(requests.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void respRequestsAreAnsweredAfterTheEnd() throws Exception {
    assertThat(answers(resp(), "PING\r\n")).isEqualTo("+PONG\r\n");
    assertThat(answers(resp(), "SET a 1\r\nGET a\r\nWAIT 1 500\r\nINCR a\r\n"))
        .isEqualTo("+OK\r\n$1\r\n1\r\n:0\r\n:2\r\n");
  }

  @Test
  void memcachedRequestsAreAnsweredAfterTheEnd() throws Exception {
    assertThat(answers(memcached(), "set a 0 0 1\r\n5\r\nincr a 2\r\nget a\r\n"))
        .isEqualTo("STORED\r\n7\r\nVALUE a 0 1\r\n7\r\nEND\r\n");
    String quiet = "set q 0 0 1 noreply\r\n5\r\n";
    assertThat(answers(memcached(), quiet)).isEmpty();
    assertThat(answers(memcached(), "get q\r\n")).isEqualTo("VALUE q 0 1\r\n5\r\nEND\r\n");
  }

  @Test
  void httpRequestsAreAnsweredAfterTheEnd() throws Exception {
    String put = "PUT /v1/keys/h HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nvalue";
    String get = "GET /v1/keys/h HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(answers(http(), put + get + get))
        .containsOnlyOnce("HTTP/1.1 201")
        .contains("HTTP/1.1 200")
        .endsWith("\r\n\r\nvalue");
  }

  @Test
  void anUnfinishedRequestIsNotAnswered() throws Exception {
    assertThat(answers(resp(), "PING\r\nPIN")).isEqualTo("+PONG\r\n");
    assertThat(answers(memcached(), "version\r\nset a 0 0 10\r\n12"))
        .startsWith("VERSION")
        .hasLineCount(1);
    String get = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(
            answers(
                http(), get + "PUT /v1/keys/h HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nval"))
        .containsOnlyOnce("HTTP/1.1");
    assertThat(answers(http(), get + "GET /v1/ke")).containsOnlyOnce("HTTP/1.1");
    assertThat(answers(http(), "")).isEmpty();
  }

  /** Each read waits for the write before it: reading is paused when the end comes, and later. */
  @Test
  void aLongPipeIsAnsweredToItsEnd() throws Exception {
    String pair = "SET long 1\r\nGET long\r\n";
    assertThat(answers(resp(), pair.repeat(MANY))).isEqualTo("+OK\r\n$1\r\n1\r\n".repeat(MANY));
    String lines = "set long 0 0 1\r\n1\r\nget long\r\n";
    assertThat(answers(memcached(), lines.repeat(MANY)))
        .isEqualTo("STORED\r\nVALUE long 0 1\r\n1\r\nEND\r\n".repeat(MANY));
    int times = MANY / 20;
    String padding = "x".repeat(500);
    String get = "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Much: " + padding + "\r\n\r\n";
    assertThat(answers(http(), get.repeat(times)).split("HTTP/1.1 200")).hasSize(times + 1);
    String put = "PUT /v1/keys/p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nvalue";
    assertThat(answers(http(), put.repeat(times)).split("HTTP/1.1 20")).hasSize(times + 1);
  }

  /** Values of which a few fill what is read at once, so that their sender takes its turns. */
  @Test
  void longValuesAreTakenToTheEnd() throws Exception {
    String value = "x".repeat(100_000);
    String set = "*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$100000\r\n" + value + "\r\n";
    assertThat(answers(resp(), set.repeat(100))).isEqualTo("+OK\r\n".repeat(100));
  }

  /** More than the system takes at once: the rest leaves when there is room, after the end. */
  @Test
  void longAnswersAreSentToTheEnd() throws Exception {
    String value = "x".repeat(LONG);
    String set = "set long-answer 0 0 " + LONG + "\r\n" + value + "\r\n";
    assertThat(answers(memcached(), set)).isEqualTo("STORED\r\n");
    String found = "VALUE long-answer 0 " + LONG + "\r\n" + value + "\r\nEND\r\n";
    assertThat(answers(memcached(), "get long-answer\r\n".repeat(3)).length())
        .isEqualTo(3 * found.length());
    assertThat(answers(resp(), "GET long-answer\r\n".repeat(3)).length())
        .isEqualTo(3 * ("$" + LONG + "\r\n" + value + "\r\n").length());
    String get = "GET /v1/keys/long-answer HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(answers(http(), get.repeat(3)).length()).isGreaterThan(3 * LONG);
  }

  @Test
  void whoIsGoneAltogetherIsLetGoOf() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(resp().host(), resp().port())) {
        socket
            .getOutputStream()
            .write("SET gone 1\r\nGET gone\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.setSoLinger(i % 2 == 0, 0);
      } catch (SocketException e) {
        throw new AssertionError(e);
      }
    }
    String own = "CLIENT LIST\r\n";
    String listed = answers(resp(), own);
    while (listed.lines().filter(line -> line.startsWith("id=")).count() > 1) {
      listed = answers(resp(), own);
    }
  }
}
