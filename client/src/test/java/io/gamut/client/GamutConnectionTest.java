package io.gamut.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.protocol.resp.RequestParser;
import io.gamut.protocol.resp.RespProtocolException;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class GamutConnectionTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Answers each request of one connection; an empty answer closes it. */
  private record Answering(ServerSocket socket) implements AutoCloseable {
    static Answering with(Function<List<byte[]>, String> answer) throws IOException {
      ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> serve(listening, answer));
      return new Answering(listening);
    }

    private static void serve(ServerSocket listening, Function<List<byte[]>, String> answer) {
      try (Socket socket = listening.accept()) {
        RequestParser parser = new RequestParser();
        ByteBuffer held = ByteBuffer.allocate(1 << 20);
        InputStream in = socket.getInputStream();
        int count = in.read(held.array());
        while (count > 0) {
          held.position(held.position() + count).flip();
          List<byte[]> request = parser.next(held);
          while (request != null) {
            String reply = text(request, 0).equals("HELLO") ? "%0\r\n" : answer.apply(request);
            if (reply.isEmpty()) {
              return;
            }
            socket.getOutputStream().write(reply.getBytes(StandardCharsets.UTF_8));
            request = parser.next(held);
          }
          held.compact();
          count = in.read(held.array(), held.position(), held.remaining());
        }
      } catch (IOException | RespProtocolException e) {
        // The client has gone, which is what some of the tests are about.
      }
    }

    GamutConnection connect(Duration timeout) throws ConnectionException {
      return GamutConnection.open("127.0.0.1", socket.getLocalPort(), timeout);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String text(List<byte[]> request, int index) {
    return new String(request.get(index), StandardCharsets.UTF_8);
  }

  @Test
  void getsTheReplyOfEachRequest() throws Exception {
    try (Answering server = Answering.with(request -> "+" + text(request, 1) + "\r\n");
        GamutConnection connection = server.connect(LONG)) {
      assertThat(connection.call("GET", "k")).hasToString("k");
      assertThat(connection.call("GET", "")).hasToString("");
      assertThat(connection.call("GET", "ä".repeat(10_000))).hasToString("ä".repeat(10_000));
      assertThat(connection.call("GET", "after")).hasToString("after");
    }
  }

  @Test
  void answersOfAPipelineComeInItsOrder() throws Exception {
    try (Answering server = Answering.with(request -> "+" + text(request, 1) + "\r\n");
        GamutConnection connection = server.connect(LONG)) {
      for (int i = 0; i < 5_000; i++) {
        connection.send("GET", Integer.toString(i));
      }
      assertThatThrownBy(() -> connection.call("PING")).isInstanceOf(IllegalStateException.class);
      for (int i = 0; i < 5_000; i++) {
        assertThat(connection.receive()).hasToString(Integer.toString(i));
      }
      assertThatThrownBy(connection::receive).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anErrorOfTheServerIsAReply() throws Exception {
    try (Answering server = Answering.with(_ -> "-ERR no\r\n");
        GamutConnection connection = server.connect(LONG)) {
      assertThat(connection.call("X")).isEqualTo(new RespValue.Failure("ERR no"));
    }
  }

  @Test
  void aConnectionThatEndsBeforeTheReplyLeavesTheOutcomeUnknown() throws Exception {
    try (Answering server = Answering.with(_ -> "");
        GamutConnection connection = server.connect(LONG)) {
      assertThatThrownBy(() -> connection.call("SET", "k", "v"))
          .isInstanceOfSatisfying(
              ConnectionException.Closed.class, e -> assertThat(e.isOutcomeUnknown()).isTrue())
          .hasMessageContaining("127.0.0.1:" + server.socket().getLocalPort());
      assertThat(connection.isClosed()).isTrue();
    }
  }

  @Test
  void aLateReplyLeavesTheOutcomeUnknownAndEndsTheConnection() throws Exception {
    try (Answering server = Answering.with(_ -> "$5\r\nhal");
        GamutConnection connection = server.connect(Duration.ofMillis(300))) {
      assertThatThrownBy(() -> connection.call("GET", "k"))
          .isInstanceOfSatisfying(
              ConnectionException.TimedOut.class, e -> assertThat(e.isOutcomeUnknown()).isTrue());
      assertThat(connection.isClosed()).isTrue();
    }
  }

  @Test
  void whatIsNotRespEndsTheConnection() throws Exception {
    try (Answering server = Answering.with(_ -> "HTTP/1.1 400 Bad Request\r\n");
        GamutConnection connection = server.connect(LONG)) {
      assertThatThrownBy(() -> connection.call("PING"))
          .isInstanceOf(ConnectionException.Closed.class);
    }
  }

  @Test
  void whereNobodyListensTheConnectionIsRefused() throws Exception {
    int port;
    try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = once.getLocalPort();
    }
    assertThatThrownBy(() -> GamutConnection.open("127.0.0.1", port, LONG))
        .isInstanceOfSatisfying(
            ConnectionException.Refused.class, e -> assertThat(e.isOutcomeUnknown()).isFalse())
        .hasMessageContaining("127.0.0.1:" + port);
  }
}
