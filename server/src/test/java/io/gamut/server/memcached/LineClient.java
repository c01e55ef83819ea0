package io.gamut.server.memcached;

import io.gamut.overlay.Endpoint;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A bare connection to any server that speaks the memcached protocol. */
final class LineClient implements AutoCloseable {
  private static final int REPLY_MILLIS_MAX = 20_000;

  private final Socket socket;
  private final InputStream in;

  LineClient(Endpoint address) throws IOException {
    socket = new Socket(address.host(), address.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(REPLY_MILLIS_MAX);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends lines, and a last one that marks the end of their replies; returns the replies. */
  String call(String... lines) throws IOException {
    send(String.join("\r\n", lines) + "\r\nmn\r\n");
    return receiveUntil("MN\r\n");
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** All that comes up to an end, without it. */
  String receiveUntil(String end) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + bytes.toString(StandardCharsets.ISO_8859_1));
      }
      bytes.write(next);
      boolean mayBeEnd = next == end.charAt(end.length() - 1);
      if (mayBeEnd && bytes.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - end.length());
      }
    }
  }

  /** All that comes until the server closes the connection. */
  String receiveToEnd() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
