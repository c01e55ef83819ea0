package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.overlay.Endpoint;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A session over memcached's protocol. */
final class MemcachedTalk implements Talk {
  private static final String ERROR = "SERVER_ERROR ";

  private final Socket socket;
  private final BufferedReader replies;

  MemcachedTalk(Endpoint server, Duration replyMax, String level, String token) throws IOException {
    socket = new Socket(server.host(), server.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) replyMax.toMillis());
    replies =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    assertThat(call("level " + level)).isEqualTo("OK");
    if (!token.isEmpty()) {
      assertThat(call("session %d\r\n%s".formatted(token.length(), token))).isEqualTo("OK");
    }
  }

  /** A request of one reply: the value in it, or the line that it is. */
  private String call(String request) throws IOException {
    socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    String line = receive();
    if (line.startsWith("VA ")) {
      return receive();
    }
    return line.startsWith(ERROR) ? line.substring(ERROR.length()) : line;
  }

  private String receive() throws IOException {
    String line = replies.readLine();
    if (line == null) {
      throw new EOFException("the connection was closed");
    }
    return line;
  }

  @Override
  public String increment(String key) throws IOException {
    return call("ma " + key + " N0 J1 v");
  }

  @Override
  public String write(String key, String value) throws IOException {
    String reply = call("ms %s %d\r\n%s".formatted(key, value.length(), value));
    return reply.equals("HD") ? "OK" : reply;
  }

  @Override
  public String read(String key) throws IOException {
    return call("mg " + key + " v");
  }

  @Override
  public String token() throws IOException {
    assertThat(call("session")).startsWith("SESSION ");
    String token = receive();
    assertThat(receive()).isEqualTo("END");
    return token;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
