package io.gamut.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many connections as may be, and those that say nothing. */
@Timeout(60)
final class ClientLimitsTest {
  @TempDir private Path directory;

  private Node start(ClientLimits limits) throws Exception {
    Endpoint any = new Endpoint("127.0.0.1", 0);
    return Node.start(
        NodeConfig.of(new NodeId(1), directory).toBuilder()
            .http(any)
            .memcached(any)
            .access(AccessConfig.OPEN.with(limits))
            .build());
  }

  private static Socket connect(Endpoint endpoint) throws IOException {
    Socket socket = new Socket(endpoint.host(), endpoint.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static String all(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static String answer(Socket socket, String request, int length) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
  }

  @Test
  void whoComesWhenThereAreManyIsToldSo() throws Exception {
    try (Node node = start(new ClientLimits(2, 0));
        Socket first = connect(node.respAddress());
        Socket second = connect(node.respAddress())) {
      assertThat(answer(first, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
      assertThat(answer(second, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
      try (Socket third = connect(node.respAddress())) {
        assertThat(all(third)).isEqualTo("-ERR max number of clients reached\r\n");
      }
      Endpoint memcached = node.memcachedAddress().orElseThrow();
      Endpoint http = node.httpAddress().orElseThrow();
      try (Socket one = connect(memcached);
          Socket two = connect(memcached);
          Socket three = connect(memcached)) {
        assertThat(answer(one, "mn\r\n", 4)).isEqualTo("MN\r\n");
        assertThat(answer(two, "mn\r\n", 4)).isEqualTo("MN\r\n");
        assertThat(all(three)).isEqualTo("ERROR Too many open connections\r\n");
      }
      try (Socket one = connect(http);
          Socket two = connect(http)) {
        String live = "GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n";
        assertThat(answer(one, live, 12)).isEqualTo("HTTP/1.1 200");
        assertThat(answer(two, live, 12)).isEqualTo("HTTP/1.1 200");
        try (Socket three = connect(http)) {
          assertThat(all(three)).startsWith("HTTP/1.1 503");
        }
      }
      assertThat(answer(first, "QUIT\r\n", 5)).isEqualTo("+OK\r\n");
      try (Socket again = reconnected(node.respAddress())) {
        assertThat(again.isConnected()).isTrue();
      }
    }
  }

  /** Until the place of one that has gone is free. */
  private static Socket reconnected(Endpoint endpoint) throws IOException {
    while (true) {
      Socket socket = connect(endpoint);
      if (answer(socket, "PING\r\n", 7).equals("+PONG\r\n")) {
        return socket;
      }
      socket.close();
    }
  }

  @Test
  void whoSaysNothingForTooLongIsClosed() throws Exception {
    try (Node node = start(new ClientLimits(10, 1));
        Socket silent = connect(node.respAddress());
        Socket other = connect(node.memcachedAddress().orElseThrow())) {
      assertThat(answer(silent, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
      assertThat(all(silent)).isEmpty();
      assertThat(all(other)).isEmpty();
    }
  }

  @Test
  void limitsMakeSense() {
    assertThatThrownBy(() -> new ClientLimits(0, 0)).hasMessageContaining("1 to 1000000");
    assertThatThrownBy(() -> new ClientLimits(1, -1)).hasMessageContaining("0 to 1000000");
  }
}
